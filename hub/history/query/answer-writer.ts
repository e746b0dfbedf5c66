/** Records of an answer on their way to the reader, compressed where that is worth it: numbers of a chart shrink to a third. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { constants, createGzip, createZstdCompress, type Gzip, type ZstdCompress } from 'node:zlib';
import { HISTORY_CONTENT_TYPE, type HistoryRecord } from '../../../shared/schema/history.ts';
import type { Exchange } from '../../http/exchange.ts';
import { codecFor, type Compression } from '../../stream/accept-encoding.ts';

/** As on streams: a higher level of gzip costs more than it saves. */
const GZIP_LEVEL = 3;
const ZSTD_LEVEL = 3;

export class AnswerWriter {
  readonly #exchange: Exchange;
  readonly #compression: Compression;
  #encoder: Gzip | ZstdCompress | null = null;

  constructor(exchange: Exchange, compression: Compression) {
    this.#exchange = exchange;
    this.#compression = compression;
  }

  /** The head has left: what goes wrong from now on is told in a record. */
  get hasBegun(): boolean {
    return this.#exchange.response.headersSent;
  }

  /** Resolves when there is room for the next one; rejects with the signal's reason, also while it waits. */
  async write(record: HistoryRecord, signal: AbortSignal): Promise<void> {
    const target = this.#open();
    signal.throwIfAborted();
    const hasRoom = target.write(`${JSON.stringify(record)}\n`);
    // Each record can be read as it comes.
    this.#encoder?.flush();
    if (!hasRoom) await once(target, 'drain', { signal });
  }

  /** `last`: told whether or not there is room for it. */
  end(last: HistoryRecord | null = null): void {
    const target = this.#open();
    if (last === null) target.end();
    else target.end(`${JSON.stringify(last)}\n`);
  }

  #open(): Writable {
    const { request, response, address } = this.#exchange;
    if (response.headersSent) return this.#encoder ?? response;
    const encoding = codecFor(this.#compression, request.headers, address)?.name ?? null;
    response.writeHead(200, {
      'Content-Type': HISTORY_CONTENT_TYPE,
      'Cache-Control': 'no-store, no-transform',
      'X-Content-Type-Options': 'nosniff',
      'X-Accel-Buffering': 'no',
      Vary: 'Accept-Encoding',
      ...(encoding !== null && { 'Content-Encoding': encoding }),
    });
    if (encoding === null) return response;
    const encoder = encoding === 'gzip' ? createGzip({ level: GZIP_LEVEL }) : createZstdCompress(zstdOptions);
    this.#encoder = encoder;
    response.once('close', () => encoder.destroy());
    encoder.pipe(response);
    return encoder;
  }
}

const zstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } };
