/**
 * The order of many hosts: worst first, and still readable. A host that gets worse moves up at once; one that gets better
 * stays where it is until that has lasted, so that a value that swings about a limit does not shake the page.
 */

export interface Judged<Entry> {
  id: string;
  /** Higher is worse. */
  rank: number;
  entry: Entry;
}

/** How long a host has to be better before it counts as such. */
const BETTER_FOR_MS = 15_000;

export class WorstFirst<Entry> {
  readonly #byName: (a: Entry, b: Entry) => number;
  readonly #shown = new Map<string, { rank: number; betterSince: number | null }>();
  #order: readonly string[] = [];

  /** `byName` orders hosts of one rank. */
  constructor(byName: (a: Entry, b: Entry) => number) {
    this.#byName = byName;
  }

  /**
   * Each with the rank it is shown by. `now` in milliseconds. While `isHeld` (somebody points at the list) nothing
   * changes its place: new hosts come last.
   */
  order(judged: readonly Judged<Entry>[], now: number, isHeld = false): Judged<Entry>[] {
    this.#forgetAllBut(judged);
    const settled = judged.map((each) => ({ ...each, rank: this.#settle(each, now, isHeld) }));
    const before = new Map(this.#order.map((id, place) => [id, place]));
    settled.sort((a, b) =>
      isHeld
        ? (before.get(a.id) ?? Infinity) - (before.get(b.id) ?? Infinity) || 0
        : b.rank - a.rank || this.#byName(a.entry, b.entry),
    );
    this.#order = settled.map(({ id }) => id);
    return settled;
  }

  #settle({ id, rank }: Judged<Entry>, now: number, isHeld: boolean): number {
    const shown = this.#shown.get(id);
    if (shown === undefined) {
      this.#shown.set(id, { rank, betterSince: null });
      return rank;
    }
    if (isHeld) return shown.rank;
    if (rank >= shown.rank) {
      shown.rank = rank;
      shown.betterSince = null;
    } else {
      shown.betterSince ??= now;
      if (now - shown.betterSince >= BETTER_FOR_MS) {
        shown.rank = rank;
        shown.betterSince = null;
      }
    }
    return shown.rank;
  }

  #forgetAllBut(judged: readonly Judged<Entry>[]): void {
    const known = new Set(judged.map(({ id }) => id));
    for (const id of this.#shown.keys()) if (!known.has(id)) this.#shown.delete(id);
  }
}
