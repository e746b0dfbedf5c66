/** A set of record numbers, kept as ranges: what is added comes in runs, so there are few of them. */

interface Range {
  from: number;
  to: number;
}

export class NumberRanges {
  /** Ascending; between two of them at least one number is missing. */
  readonly #ranges: Range[] = [];
  /** Every number below is in the set, whatever the ranges say. */
  #floor = 0;

  has(number: number): boolean {
    return this.countWithin(number, number) === 1;
  }

  /** How many of `from` to `to` are in the set. */
  countWithin(from: number, to: number): number {
    let count = Math.max(0, Math.min(to, this.#floor - 1) - from + 1);
    for (let at = this.#firstEndingAt(Math.max(from, this.#floor)); at < this.#ranges.length; at++) {
      const range = this.#ranges[at]!;
      if (range.from > to) break;
      count += Math.min(to, range.to) - Math.max(from, range.from, this.#floor) + 1;
    }
    return count;
  }

  covers(from: number, to: number): boolean {
    return this.countWithin(from, to) === to - from + 1;
  }

  /** Answers how many of them were not in the set before. */
  add(from: number, to: number): number {
    const added = to - from + 1 - this.countWithin(from, to);
    const start = this.#firstEndingAt(from - 1);
    let end = start;
    const joined = { from, to };
    for (; end < this.#ranges.length && this.#ranges[end]!.from <= to + 1; end++) {
      joined.from = Math.min(joined.from, this.#ranges[end]!.from);
      joined.to = Math.max(joined.to, this.#ranges[end]!.to);
    }
    this.#ranges.splice(start, end - start, joined);
    return added;
  }

  remove(from: number, to: number): void {
    const start = this.#firstEndingAt(from);
    let end = start;
    const rests: Range[] = [];
    for (; end < this.#ranges.length && this.#ranges[end]!.from <= to; end++) {
      const range = this.#ranges[end]!;
      if (range.from < from) rests.push({ from: range.from, to: from - 1 });
      if (range.to > to) rests.push({ from: to + 1, to: range.to });
    }
    this.#ranges.splice(start, end - start, ...rests);
  }

  /** Takes everything below for a part of the set, and keeps no more of it than that. */
  raiseFloor(floor: number): void {
    if (floor <= this.#floor) return;
    this.#floor = floor;
    this.#ranges.splice(0, this.#firstEndingAt(floor));
  }

  /** Place of the first range that ends at `number` or later. */
  #firstEndingAt(number: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ranges[middle]!.to < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
