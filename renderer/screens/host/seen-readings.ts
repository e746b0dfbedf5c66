/** Filesystems or sensors over time, as this page has seen them: they come every few seconds and are in no sample. */
import type { SeriesVisitor } from '../../../shared/series.ts';

/** As long as the page holds samples. */
const HISTORY_MS = 15 * 60_000;
/** So many readings may be missed until the last one is too old to be true, as in the history of the hub. */
const HELD_INTERVALS = 3;
/** Between two readings, at least: before there are two, and for what is told twice within a moment. */
const LEAST_INTERVAL_MS = 10_000;

interface Seen<Reading> {
  reading: Reading;
  /** By series key. */
  values: ReadonlyMap<string, number>;
}

export class SeenReadings<Reading extends { time: number }> {
  readonly #eachValue: (reading: Reading, visit: SeriesVisitor) => void;
  /** Ascending by time. */
  readonly #seen: Seen<Reading>[] = [];

  constructor(eachValue: (reading: Reading, visit: SeriesVisitor) => void) {
    this.#eachValue = eachValue;
  }

  /** A reading no newer than the last one is left out. */
  add(reading: Reading): void {
    const newest = this.#seen.at(-1)?.reading.time ?? -Infinity;
    if (reading.time <= newest) return;
    const values = new Map<string, number>();
    this.#eachValue(reading, (key, value) => value !== null && values.set(key, value));
    this.#seen.push({ reading, values });
    while (this.#seen[0]!.reading.time < reading.time - HISTORY_MS) this.#seen.shift();
  }

  /** Epoch milliseconds of the oldest; null where there is none. */
  get oldest(): number | null {
    return this.#seen[0]?.reading.time ?? null;
  }

  /** Between the two newest. */
  get intervalMs(): number {
    const [before, last] = this.#seen.slice(-2);
    return before === undefined || last === undefined
      ? LEAST_INTERVAL_MS
      : last.reading.time - before.reading.time;
  }

  keys(): string[] {
    return [...new Set(this.#seen.flatMap(({ values }) => [...values.keys()]))];
  }

  /** The reading that held at a time; null: none that was seen. */
  at(time: number): Reading | null {
    return this.#heldAt(time)?.reading ?? null;
  }

  /** What was read with from <= time <= to; NaN is unknown. */
  window(
    keys: readonly string[],
    from: number,
    to: number,
  ): { times: Float64Array; columns: Float64Array[] } {
    const shown = this.#seen.filter(({ reading }) => reading.time >= from && reading.time <= to);
    return {
      times: Float64Array.from(shown, ({ reading }) => reading.time),
      columns: keys.map((key) => Float64Array.from(shown, ({ values }) => values.get(key) ?? NaN)),
    };
  }

  /** What held at each of these times; NaN is unknown. */
  columnsAt(keys: readonly string[], times: ArrayLike<number>): Float64Array[] {
    const held = Array.from(times, (time) => this.#heldAt(time));
    return keys.map((key) => Float64Array.from(held, (seen) => seen?.values.get(key) ?? NaN));
  }

  #heldAt(time: number): Seen<Reading> | null {
    const last = this.#seen.findLast(({ reading }) => reading.time <= time);
    const heldMs = HELD_INTERVALS * Math.max(LEAST_INTERVAL_MS, this.intervalMs);
    return last !== undefined && time - last.reading.time <= heldMs ? last : null;
  }
}
