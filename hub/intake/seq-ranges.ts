/** Which sequence numbers were seen, as ranges: live batches overtake the backfill, so a high-water mark would not do. */

export class SeqRanges {
  /** Ascending, apart by at least one number that was not seen. */
  #ranges: { from: number; to: number }[] = [];

  /** `flat` as `toJSON` gives it. */
  static of(flat: readonly number[]): SeqRanges {
    const ranges = new SeqRanges();
    for (let at = 0; at + 1 < flat.length; at += 2) {
      ranges.#ranges.push({ from: flat[at]!, to: flat[at + 1]! });
    }
    return ranges;
  }

  get length(): number {
    return this.#ranges.length;
  }

  /** The highest number seen; 0: none. */
  get highest(): number {
    return this.#ranges.at(-1)?.to ?? 0;
  }

  has(seq: number): boolean {
    const range = this.#ranges[this.#placeOf(seq)];
    return range !== undefined && seq >= range.from && seq <= range.to;
  }

  /** False where it was seen before. */
  add(seq: number): boolean {
    if (this.has(seq)) return false;
    const place = this.#placeOf(seq);
    const before = this.#ranges[place];
    const after = this.#ranges[place + 1];
    const joinsBefore = before !== undefined && before.to === seq - 1;
    const joinsAfter = after !== undefined && after.from === seq + 1;
    if (joinsBefore && joinsAfter) {
      before.to = after.to;
      this.#ranges.splice(place + 1, 1);
    } else if (joinsBefore) before.to = seq;
    else if (joinsAfter) after.from = seq;
    else this.#ranges.splice(place + 1, 0, { from: seq, to: seq });
    return true;
  }

  /** Everything the other one has seen. */
  include(other: SeqRanges): void {
    for (const { from, to } of other.#ranges) {
      const apart = this.#ranges.filter((range) => range.to < from - 1 || range.from > to + 1);
      const touching = this.#ranges.filter((range) => range.to >= from - 1 && range.from <= to + 1);
      const joined = {
        from: Math.min(from, ...touching.map((range) => range.from)),
        to: Math.max(to, ...touching.map((range) => range.to)),
      };
      this.#ranges = [...apart, joined].sort((a, b) => a.from - b.from);
    }
  }

  /** As if it had never been seen. */
  remove(seq: number): void {
    const place = this.#placeOf(seq);
    const range = this.#ranges[place];
    if (range === undefined || seq < range.from || seq > range.to) return;
    const rests = [
      { from: range.from, to: seq - 1 },
      { from: seq + 1, to: range.to },
    ].filter(({ from, to }) => from <= to);
    this.#ranges.splice(place, 1, ...rests);
  }

  /** Takes what lies between the two lowest ranges for seen. */
  closeLowestHole(): void {
    const [lowest, next] = this.#ranges;
    if (lowest === undefined || next === undefined) return;
    this.#ranges.splice(0, 2, { from: lowest.from, to: next.to });
  }

  /** Flat: from, to, from, to ... */
  toJSON(): number[] {
    return this.#ranges.flatMap(({ from, to }) => [from, to]);
  }

  /** Of the last range that begins at or before `seq`; -1: none. The newest is asked for most. */
  #placeOf(seq: number): number {
    let low = 0;
    let high = this.#ranges.length - 1;
    if (high >= 0 && this.#ranges[high]!.from <= seq) return high;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.#ranges[middle]!.from <= seq) low = middle + 1;
      else high = middle - 1;
    }
    return high;
  }
}
