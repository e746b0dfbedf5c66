/** A series of a bundle in the buckets that were asked for: cut to the window, and put together where they are longer. */
import type { HistoryField, HistoryRecordOf } from '../../../shared/schema/history.ts';

type Columns = HistoryRecordOf<'columns'>;

export interface BucketWish {
  /** Epoch milliseconds, the end excluded. */
  from: number;
  to: number;
  /** A multiple of `ownStepMs`, which is what the series has. */
  stepMs: number;
  ownStepMs: number;
  fields: readonly HistoryField[];
}

/** Null: no value lies in the window. Means are weighted by how many samples each bucket held. */
export function rebucket(columns: Columns, wish: BucketWish): Columns | null {
  const { from, to, stepMs, ownStepMs, fields } = wish;
  const first = Math.floor(from / stepMs) * stepMs;
  const length = Math.max(0, Math.ceil((to - first) / stepMs));
  const sums = new Float64Array(length);
  const counts = new Float64Array(length);
  const least = new Float64Array(length).fill(Infinity);
  const most = new Float64Array(length).fill(-Infinity);
  const newest = new Float64Array(length);
  const { start, mean = [] } = columns;
  const { min = mean, max = mean, last = mean } = columns;
  for (const [index, value] of mean.entries()) {
    const time = start + index * ownStepMs;
    const bucket = Math.floor((time - first) / stepMs);
    if (value === null || bucket < 0 || bucket >= length) continue;
    const weight = columns.count?.[index] ?? 1;
    sums[bucket]! += value * weight;
    counts[bucket]! += weight;
    least[bucket] = Math.min(least[bucket]!, min[index] ?? value);
    most[bucket] = Math.max(most[bucket]!, max[index] ?? value);
    newest[bucket] = last[index] ?? value;
  }
  let begin = 0;
  let end = length;
  while (begin < end && counts[begin] === 0) begin++;
  while (end > begin && counts[end - 1] === 0) end--;
  if (begin === end) return null;
  const column = (valueAt: (bucket: number) => number): (number | null)[] =>
    Array.from({ length: end - begin }, (_, index) =>
      counts[begin + index]! > 0 ? valueAt(begin + index) : null,
    );
  const { kind, host, series } = columns;
  return {
    kind,
    host,
    series,
    start: first + begin * stepMs,
    ...(fields.includes('mean') && { mean: column((bucket) => sums[bucket]! / counts[bucket]!) }),
    ...(fields.includes('min') && { min: column((bucket) => least[bucket]!) }),
    ...(fields.includes('max') && { max: column((bucket) => most[bucket]!) }),
    ...(fields.includes('last') && { last: column((bucket) => newest[bucket]!) }),
    ...(fields.includes('count') && { count: Array.from(counts.subarray(begin, end)) }),
  };
}
