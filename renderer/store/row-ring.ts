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
    return number >= this.#first && number < this.#next
      ? this.#rows[slotOf(number, this.capacity)]
      : undefined;
  }

  /** Looked for from the newest on; null: it is not held (any more). */
  numberOf(row: LogRow): number | null {
    for (let number = this.#next - 1; number >= this.#first; number--)
      if (this.at(number) === row) return number;
    return null;
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
    this.#rows[slotOf(this.#next, this.capacity)] = row;
    this.#next++;
    this.#bytes += sizeOfRow(row);
    if (row.kind === 'line') this.#lines++;
    return dropped;
  }

  dropFirst(): void {
    const slot = slotOf(this.#first, this.capacity);
    const row = this.#rows[slot]!;
    this.#bytes -= sizeOfRow(row);
    if (row.kind === 'line') this.#lines--;
    this.#rows[slot] = undefined;
    this.#first++;
  }

  /**
   * Puts rows before number `at`, in the place of the `replaced` rows there. Rows from `at` on keep their numbers, those before get
   * lower ones, and where there is no room the oldest are dropped.
   */
  insertBefore(at: number, rows: readonly LogRow[], replaced = 0): void {
    const older: LogRow[] = [];
    while (this.#first < at) {
      if (this.#first < at - replaced) older.push(this.at(this.#first)!);
      this.dropFirst();
    }
    for (const row of older.concat(rows).reverse()) {
      if (!this.hasRoomFor(row)) return;
      this.#first--;
      this.#rows[slotOf(this.#first, this.capacity)] = row;
      this.#bytes += sizeOfRow(row);
      if (row.kind === 'line') this.#lines++;
    }
  }

  /** Forgets every row; numbers go on from where they were. */
  clear(): void {
    this.#rows.length = 0;
    this.#first = this.#next;
    this.#bytes = 0;
    this.#lines = 0;
  }
}

/** Where a row is kept. Numbers fall below 0 where rows are put before the first. */
export function slotOf(number: number, capacity: number): number {
  const rest = number % capacity;
  return rest < 0 ? rest + capacity : rest;
}
