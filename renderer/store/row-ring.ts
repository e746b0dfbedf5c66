/**
 * Rows in the order they came, bounded by number and by bytes. Each row has a number that never changes;
 * dropping the oldest moves nothing.
 */
import { sizeOfRow, type LogRow } from './log-row.ts';

export interface RowRingOptions {
  /** Rows held at most. */
  capacity: number;
  /** Estimated bytes held at most; one row that alone is larger is still held. */
  maxBytes: number;
}

export class RowRing {
  readonly capacity: number;
  readonly #maxBytes: number;
  readonly #rows: (LogRow | undefined)[] = [];
  #first = 0;
  #next = 0;
  #bytes = 0;
  #lines = 0;

  constructor(options: RowRingOptions) {
    this.capacity = options.capacity;
    this.#maxBytes = options.maxBytes;
  }

  /** Number of the oldest row held. */
  get first(): number {
    return this.#first;
  }

  /** Number the next row will get. */
  get next(): number {
    return this.#next;
  }

  get size(): number {
    return this.#next - this.#first;
  }

  /** Rows held that are lines. */
  get lines(): number {
    return this.#lines;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Undefined for a number no longer, or not yet, held. */
  at(number: number): LogRow | undefined {
    return number >= this.#first && number < this.#next ? this.#rows[number % this.capacity] : undefined;
  }

  hasRoomFor(row: LogRow): boolean {
    if (this.size === 0) return true;
    return this.size < this.capacity && this.#bytes + sizeOfRow(row) <= this.#maxBytes;
  }

  /** Makes room by dropping the oldest, then takes the row. Answers how many rows were dropped. */
  push(row: LogRow): number {
    let dropped = 0;
    while (!this.hasRoomFor(row)) {
      this.dropFirst();
      dropped++;
    }
    this.#rows[this.#next % this.capacity] = row;
    this.#next++;
    this.#bytes += sizeOfRow(row);
    if (row.kind === 'line') this.#lines++;
    return dropped;
  }

  dropFirst(): void {
    const slot = this.#first % this.capacity;
    const row = this.#rows[slot]!;
    this.#bytes -= sizeOfRow(row);
    if (row.kind === 'line') this.#lines--;
    this.#rows[slot] = undefined;
    this.#first++;
  }

  /** Forgets every row; numbers go on from where they were. */
  clear(): void {
    this.#rows.length = 0;
    this.#first = this.#next;
    this.#bytes = 0;
    this.#lines = 0;
  }
}
