/** The newest records, kept in memory so that live ones go out without being read back. Always the end of what was appended. */

export interface FreshRecord {
  readonly number: number;
  readonly line: Buffer;
  /** Epoch milliseconds. */
  readonly at: number;
}

const MAX_FRESH_RECORDS = 5_000;
const MAX_FRESH_BYTES = 512 * 1024;

export class FreshRecords {
  readonly #records: FreshRecord[] = [];
  #bytes = 0;

  get length(): number {
    return this.#records.length;
  }

  /** Null: there are none. */
  get oldest(): FreshRecord | null {
    return this.#records[0] ?? null;
  }

  /** What there is no room for falls out: it is read from disk when its turn comes. */
  add(record: FreshRecord): void {
    this.#records.push(record);
    this.#bytes += record.line.length;
    while (this.#records.length > MAX_FRESH_RECORDS || this.#bytes > MAX_FRESH_BYTES) this.shift();
  }

  shift(): FreshRecord | null {
    const record = this.#records.shift() ?? null;
    this.#bytes -= record?.line.length ?? 0;
    return record;
  }

  has(number: number): boolean {
    return this.#records.length > 0 && number >= this.#records[0]!.number;
  }

  forgetUpTo(number: number): void {
    while (this.#records.length > 0 && this.#records[0]!.number <= number) this.shift();
  }
}
