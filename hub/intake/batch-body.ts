/** The bytes of a batch: read and inflated within their limits, so that no bomb is ever held. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gunzipSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { MAX_INFLATED_BYTES } from '../../shared/protocol.ts';
import { readBodyBytes } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';

/** Inflated at once up to this size: a turn of the event loop costs more than a small batch. */
const AT_ONCE_BYTES = 16 * 1024;

interface Decoder {
  now(body: Buffer, options: { maxOutputLength: number }): Buffer;
  later(body: Buffer, options: { maxOutputLength: number }): Promise<Buffer>;
}

const decoders: Record<string, Decoder> = {
  gzip: { now: gunzipSync, later: promisify(gunzip) },
  zstd: { now: zstdDecompressSync, later: promisify(zstdDecompress) },
};

/** Throws a `ProblemError`: 415, 413 or 400, with what is wrong. */
export async function readBatchBody(request: IncomingMessage): Promise<Buffer> {
  const type = request.headers['content-type']?.split(';')[0]!.trim().toLowerCase();
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding]! : null;
  if (type !== 'application/x-ndjson' || (decoder === null && encoding !== 'identity')) {
    throw new ProblemError(415, 'not-a-batch', 'A batch is NDJSON, as it is, or as gzip or zstd.', {
      remedy: 'Send "Content-Type: application/x-ndjson" and "Content-Encoding: zstd", or gzip, or none.',
    });
  }
  const body = await readBodyBytes(request);
  return decoder === null ? body : inflate(decoder, body);
}

async function inflate(decoder: Decoder, body: Buffer): Promise<Buffer> {
  const options = { maxOutputLength: MAX_INFLATED_BYTES };
  try {
    return body.length <= AT_ONCE_BYTES ? decoder.now(body, options) : await decoder.later(body, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') {
      throw new ProblemError(400, 'bad-body', 'The body cannot be inflated: it is cut or damaged.', {
        remedy: 'Send it again.',
        cause: error,
      });
    }
    throw new ProblemError(
      413,
      'body-too-large',
      `The body inflates to more than ${MAX_INFLATED_BYTES} bytes.`,
      {
        remedy: 'Send less at once.',
      },
    );
  }
}
