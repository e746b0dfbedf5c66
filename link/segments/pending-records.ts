/** Records that wait for the disk: framed as they will lie there, in chunks that are written whole. */
import { frameRecord, RECORD_HEADER_BYTES, recordAt } from './record-format.ts';
import type { UnwrittenRecord } from './segment-log.ts';

/** A chunk is closed past this, so that no single write is long and what must go can go in parts. */
const CHUNK_BYTES = 256 * 1024;
const SMALLEST_CHUNK_BYTES = 16 * 1024;

export interface PendingChunk {
  /** Framed records, one behind the other. */
  readonly bytes: Buffer;
  readonly first: number;
  readonly last: number;
}

export class PendingRecords {
  readonly #closed: PendingChunk[] = [];
  #buffer: Buffer | null = null;
  #length = 0;
  #first = 0;
  #last = 0;
  #bytes = 0;
  /** A written chunk's buffer, taken again: an agent at rest fills the same one every time. */
  #spare: Buffer | null = null;

  /** Of all that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Numbers must follow each other. */
  add(number: number, payload: Buffer): void {
    const needed = RECORD_HEADER_BYTES + payload.length;
    if (this.#length > 0 && this.#length + needed > CHUNK_BYTES) this.#close();
    const buffer = this.#roomFor(needed);
    if (this.#length === 0) this.#first = number;
    this.#last = number;
    this.#length = frameRecord(buffer, this.#length, number, payload, false);
    this.#bytes += needed;
  }

  /** The oldest chunk, which stays until `remove`; null: nothing waits, or only numbers above `upTo`. */
  oldest(upTo = Infinity): PendingChunk | null {
    if (this.#length > 0 && this.#last <= upTo) this.#close();
    const [chunk] = this.#closed.length > 0 || this.#length === 0 ? this.#closed : this.chunks();
    return chunk && chunk.first <= upTo ? chunk : null;
  }

  /** All that wait, oldest first. */
  chunks(): readonly PendingChunk[] {
    this.#close();
    return this.#closed;
  }

  /** The oldest was written, or must go. */
  remove(chunk: PendingChunk): void {
    if (this.#closed[0] !== chunk) return;
    this.#closed.shift();
    this.#bytes -= chunk.bytes.length;
    if (chunk.bytes.buffer.byteLength <= CHUNK_BYTES) this.#spare = Buffer.from(chunk.bytes.buffer);
  }

  #roomFor(needed: number): Buffer {
    const wanted = this.#length + needed;
    if (this.#buffer && this.#buffer.length >= wanted) return this.#buffer;
    const spare = this.#spare && this.#spare.length >= wanted ? this.#spare : null;
    if (spare) this.#spare = null;
    const fresh =
      spare ?? Buffer.allocUnsafeSlow(Math.max(SMALLEST_CHUNK_BYTES, 2 ** Math.ceil(Math.log2(wanted))));
    this.#buffer?.copy(fresh, 0, 0, this.#length);
    return (this.#buffer = fresh);
  }

  #close(): void {
    if (this.#length === 0) return;
    const bytes = this.#buffer!.subarray(0, this.#length);
    this.#closed.push({ bytes, first: this.#first, last: this.#last });
    this.#buffer = null;
    this.#length = 0;
  }
}

/** The payloads are copies. */
export function recordsOf({ bytes, first }: PendingChunk): UnwrittenRecord[] {
  const records: UnwrittenRecord[] = [];
  for (let at = 0; at < bytes.length;) {
    const record = recordAt(bytes, at, first);
    if (record === null || record === 'short') break; // only where memory itself is damaged
    records.push({ number: record.number, payload: Buffer.from(record.payload) });
    at += RECORD_HEADER_BYTES + record.payload.length;
  }
  return records;
}
