/**
 * Sample and hold: what is read of a host every few seconds stands beside every sample, until it is too old to be true. So its series
 * are as dense as all others, and what does not change costs the codec nothing.
 */
import type { SeriesVisitor } from '../../../../shared/series.ts';

/**
 * Between two readings, in milliseconds: filesystems every 10 s, sensors every 5 (collect/metrics/machine-collector.ts). They ride on the
 * ticks of samples, so a host that samples less often reads them no more often than that.
 */
const USUAL_MS = 10_000;
/** So many may be missed. */
const HELD_INTERVALS = 3;

interface Reading {
  time: number;
  keys: readonly string[];
  values: Float64Array;
}

/** Of one kind of reading of one host. */
export class HeldReadings {
  #newest: Reading | null = null;
  /** What came late, as a spool sends it beside the present; or the one before the newest. */
  #other: Reading | null = null;

  /** `eachValue` calls its visitor for every series of the reading. */
  take(time: number, eachValue: (visit: SeriesVisitor) => void): void {
    const keys: string[] = [];
    const values: number[] = [];
    eachValue((key, value) => {
      keys.push(key);
      values.push(value ?? NaN);
    });
    const known = this.#newest?.keys;
    const reading = {
      time,
      // Keys are compared for each row: the same strings are equal at a glance.
      keys: known !== undefined && isSame(known, keys) ? known : keys,
      values: Float64Array.from(values),
    };
    if (this.#newest !== null && time < this.#newest.time) this.#other = reading;
    else {
      this.#other = laterOf(this.#other, this.#newest);
      this.#newest = reading;
    }
  }

  /**
   * Visits the series as they were at `time`: as the last reading before it has them, unknown where that is too old. `intervalMs`:
   * between two samples.
   */
  visit(time: number, intervalMs: number, visit: SeriesVisitor): void {
    const heldMs = HELD_INTERVALS * Math.max(USUAL_MS, intervalMs);
    const holds = (reading: Reading | null) =>
      reading !== null && reading.time <= time && time - reading.time <= heldMs;
    const held = holds(this.#newest) ? this.#newest : holds(this.#other) ? this.#other : null;
    const { keys, values } = held ?? this.#newest ?? noReading;
    for (let at = 0; at < keys.length; at++) visit(keys[at]!, held === null ? null : values[at]!);
  }
}

const noReading: Pick<Reading, 'keys' | 'values'> = { keys: [], values: new Float64Array(0) };

function laterOf(a: Reading | null, b: Reading | null): Reading | null {
  return a !== null && (b === null || a.time > b.time) ? a : b;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, at) => key === b[at]);
}
