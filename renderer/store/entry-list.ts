/**
 * The rows a tail shows, newest last: each entry names a row of the store by number, and says how many
 * equal lines it stands for. Entries have ordinals that never change; dropping the oldest moves nothing.
 */

export class EntryList {
  readonly capacity: number;
  readonly #numbers: Float64Array;
  readonly #repeats: Uint32Array;
  #first = 0;
  #next = 0;

  /** `capacity`: that of the store, so that a list never overflows. */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.#numbers = new Float64Array(capacity);
    this.#repeats = new Uint32Array(capacity);
  }

  /** Ordinal of the oldest entry. */
  get first(): number {
    return this.#first;
  }

  /** Ordinal the next entry will get. */
  get next(): number {
    return this.#next;
  }

  get size(): number {
    return this.#next - this.#first;
  }

  /** The store's number of the entry's row: the newest, where it stands for several. */
  numberAt(ordinal: number): number {
    return this.#numbers[ordinal % this.capacity]!;
  }

  /** 1 or more. */
  repeatsAt(ordinal: number): number {
    return this.#repeats[ordinal % this.capacity]!;
  }

  push(number: number): void {
    const slot = this.#next % this.capacity;
    this.#numbers[slot] = number;
    this.#repeats[slot] = 1;
    this.#next++;
  }

  /** The newest entry stands for this row as well. */
  repeat(number: number): void {
    const slot = (this.#next - 1) % this.capacity;
    this.#numbers[slot] = number;
    this.#repeats[slot]!++;
  }

  /** Drops entries whose rows are all before `number`. */
  dropBefore(number: number): void {
    while (this.#first < this.#next && this.numberAt(this.#first) < number) this.#first++;
  }

  /** The first entry whose row is `number` or later; `next` where there is none. */
  ordinalOf(number: number): number {
    let low = this.#first;
    let high = this.#next;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.numberAt(middle) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
