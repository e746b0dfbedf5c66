/** A series as it is written: its labels and its values, in the order of time. */
import type { Labels } from '../../measure/exposition.ts';

export interface WrittenSeries {
  /** The name among them, as `__name__`. */
  labels: Labels;
  /** Epoch milliseconds, ascending. */
  times: readonly number[];
  /** As many as `times`; none is NaN. */
  values: readonly number[];
}

export function valueCount(series: readonly WrittenSeries[]): number {
  return series.reduce((count, { times }) => count + times.length, 0);
}
