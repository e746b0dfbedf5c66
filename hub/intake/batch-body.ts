/** The bytes of a batch: read and inflated within their limits, so that no bomb is ever held. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gunzipSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import type { NamedDictionary } from '../../link/batches/batch-dictionary.ts';
import { MAX_INFLATED_BYTES } from '../../shared/protocol.ts';
import { dictionaryHeader, uplinkProblems } from '../../shared/schema/uplink.ts';
import { readBodyBytes } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';

/** Inflated at once up to this size: a turn of the event loop costs more than a small batch. */
const AT_ONCE_BYTES = 16 * 1024;

interface InflateOptions {
  maxOutputLength: number;
  dictionary?: Buffer;
}

interface Decoder {
  now(body: Buffer, options: InflateOptions): Buffer;
  later(body: Buffer, options: InflateOptions): Promise<Buffer>;
}

const decoders: Record<string, Decoder> = {
  gzip: { now: gunzipSync, later: promisify(gunzip) },
  zstd: { now: zstdDecompressSync, later: promisify(zstdDecompress) },
};

/** What the host's dictionary is at this moment is asked only where the batch names one. Throws a `ProblemError`: 415, 413, 409 or 400. */
export async function readBatchBody(
  request: IncomingMessage,
  dictionary: () => NamedDictionary | null,
): Promise<Buffer> {
  const type = request.headers['content-type']?.split(';')[0]!.trim().toLowerCase();
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding]! : null;
  if (type !== 'application/x-ndjson' || (decoder === null && encoding !== 'identity')) {
    throw new ProblemError(415, 'not-a-batch', 'A batch is NDJSON, as it is, or as gzip or zstd.', {
      remedy: 'Send "Content-Type: application/x-ndjson" and "Content-Encoding: zstd", or gzip, or none.',
    });
  }
  const body = await readBodyBytes(request);
  if (decoder === null) return body;
  return inflate(decoder, body, dictionaryNamed(request, dictionary));
}

/** True for a batch that was compressed with what those before it carried. */
export function namesDictionary({ headers }: IncomingMessage): boolean {
  return headers[dictionaryHeader] !== undefined;
}

function dictionaryNamed(request: IncomingMessage, held: () => NamedDictionary | null): Buffer | null {
  if (!namesDictionary(request)) return null;
  const dictionary = held();
  if (dictionary !== null && dictionary.name === request.headers[dictionaryHeader]) return dictionary.bytes;
  throw new ProblemError(
    409,
    uplinkProblems.unknownDictionary,
    'The hub does not hold the dictionary of this batch.',
    { remedy: 'Send it again without one, at once.', isRetryable: true },
  );
}

async function inflate(decoder: Decoder, body: Buffer, dictionary: Buffer | null): Promise<Buffer> {
  const options = { maxOutputLength: MAX_INFLATED_BYTES, ...(dictionary && { dictionary }) };
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
      { remedy: 'Send less at once.' },
    );
  }
}
