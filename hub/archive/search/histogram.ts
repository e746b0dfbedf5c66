/** Lines that match, counted by level over time. */
import { histogramLevels, type HistogramCounts } from '../../../shared/schema/log-search.ts';
import { codeOfLevel } from '../volume/block-head.ts';
import { logLevels } from '../../../shared/log-level.ts';

/** By `codeOfLevel`. */
const levelNames = [
  histogramLevels.at(-1)!,
  ...logLevels.toSorted((a, b) => codeOfLevel(a) - codeOfLevel(b)),
];

export class Histogram {
  readonly from: number;
  /** Of one column, in milliseconds. */
  readonly bucketMs: number;
  readonly #columns: number;
  readonly #counts: Uint32Array[] = [];

  /** As many columns as asked for, or fewer: none is shorter than a millisecond. */
  constructor(from: number, to: number, buckets: number) {
    this.from = from;
    this.bucketMs = Math.max(1, Math.ceil((to - from) / buckets));
    this.#columns = Math.max(1, Math.ceil((to - from) / this.bucketMs));
  }

  /** What is out of its range is not counted. */
  add(time: number, level: number, count = 1): void {
    const column = this.#columnOf(time);
    if (column < 0 || column >= this.#columns || count === 0) return;
    const counts = (this.#counts[level] ??= new Uint32Array(this.#columns));
    counts[column]! += count;
  }

  /** Whether all times of a block are counted in one column. */
  isOneColumn(oldest: number, newest: number): boolean {
    return this.#columnOf(oldest) === this.#columnOf(newest);
  }

  toJSON(): HistogramCounts {
    const named: HistogramCounts = {};
    for (const [level, counts] of this.#counts.entries()) {
      if (counts !== undefined) named[levelNames[level]!] = Array.from(counts);
    }
    return named;
  }

  #columnOf(time: number): number {
    return Math.floor((time - this.from) / this.bucketMs);
  }
}
