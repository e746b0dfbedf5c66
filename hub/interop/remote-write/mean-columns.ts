/** Columns of samples as means over steps that lie on multiples of the step since 1970: the same, whenever and from wherever they are made. */
import type { Recent } from '../../../shared/schema/stream.ts';
import type { HostBuckets } from '../../history/store/history-reader.ts';

export interface MeanColumns {
  /** Where the first step begins, in epoch milliseconds, and how long each is. */
  start: number;
  stepMs: number;
  /** By series key. NaN: nothing was measured in the step. */
  series: Map<string, Float64Array>;
}

/** Of samples from `from` until `to`, both whole multiples of the step. */
export function meansOf({ times, series }: Recent, from: number, to: number, stepMs: number): MeanColumns {
  const length = Math.max(0, Math.round((to - from) / stepMs));
  const places = times.map((time) => (time >= from && time < to ? Math.floor((time - from) / stepMs) : -1));
  const means = new Map<string, Float64Array>();
  for (const [key, column] of Object.entries(series)) {
    const sums = new Float64Array(length);
    const counts = new Uint32Array(length);
    for (const [row, place] of places.entries()) {
      const value = column[row];
      if (place < 0 || value == null) continue;
      sums[place]! += value;
      counts[place]!++;
    }
    means.set(
      key,
      sums.map((sum, place) => sum / counts[place]!),
    );
  }
  return { start: from, stepMs, series: means };
}

/** Of what history has of the same, without the buckets that lie outside. */
export function meansOfBuckets(
  { start, stepMs, series }: HostBuckets,
  from: number,
  to: number,
): MeanColumns {
  const first = Math.max(0, Math.floor((from - start) / stepMs));
  const last = Math.max(first, Math.floor((to - start) / stepMs));
  const means = series.map(({ key, mean }) => [key, mean.subarray(first, last)] as const);
  return { start: start + first * stepMs, stepMs, series: new Map(means) };
}
