/**
 * A content coding whose streams can be put together from blocks made apart: what was compressed once for a view goes to
 * every reader of it, between blocks of the reader's own.
 */
import type { StreamCounts } from '../stream-counts.ts';

export const encodings = ['gzip', 'zstd'] as const;
export type Encoding = (typeof encodings)[number];

/** CRC-32 and length, in bytes, of all the text of a stream. */
export interface Checksum {
  crc: number;
  size: number;
}

export interface Codec {
  readonly name: Encoding;
  /** Leaves once, before all blocks. */
  readonly header: Buffer;
  /** How far back a block may point into what its reader got before it, in bytes. */
  readonly historyBytes: number;
  /** What a reader finds behind the text of every block: nothing, or blank lines, which mean nothing in SSE. */
  readonly padding: Buffer;
  /**
   * A whole block: it can stand behind any other one. `text` is not empty and ends with a blank line. `history` is what the reader's stream
   * ends with before it, paddings included, at most `historyBytes`; null: unknown.
   */
  compress(text: Buffer, history: Buffer | null): Buffer;
  /** Leaves once, behind all blocks. */
  trailer(sum: Checksum): Buffer;
}

export function compressCounted(
  codec: Codec,
  text: Buffer,
  history: Buffer | null,
  counts: StreamCounts,
): Buffer {
  const startedAt = performance.now();
  const block = codec.compress(text, history !== null && history.length > 0 ? history : null);
  const count = counts.compressed[codec.name];
  count.ms += performance.now() - startedAt;
  count.bytesIn += text.length;
  count.bytesOut += block.length;
  return block;
}
