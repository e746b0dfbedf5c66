/** Thins a window that has more samples than pixels: means for the line, extremes for its band. */

export interface SampleWindow {
  /** Epoch milliseconds, ascending. */
  times: Float64Array;
  /** One column per series; NaN is unknown. */
  columns: Float64Array[];
  /** Where rows stand for many samples: the smallest and largest of each, per series. Default: rows are samples. */
  extremes?: Extremes | null;
}

export interface Extremes {
  lows: Float64Array[];
  highs: Float64Array[];
}

export interface BucketedWindow extends SampleWindow {
  /** Null where every row is a sample. */
  extremes: Extremes | null;
}

/**
 * Buckets of `bucketMs`, aligned to the epoch so that a moving window does not shimmer. A bucket's time is the
 * mean of its rows' times; empty buckets are left out, so gaps stay gaps. With `bucketMs` no longer than
 * the interval the window comes back as it is.
 */
export function bucketWindow(window: SampleWindow, bucketMs: number, intervalMs: number): BucketedWindow {
  const { times, columns, extremes = null } = window;
  if (bucketMs <= intervalMs) return { times, columns, extremes };
  const starts = bucketStarts(times, bucketMs);
  const count = starts.length - 1;
  const shown: Extremes = { lows: [], highs: [] };
  const bucketed: BucketedWindow = { times: new Float64Array(count), columns: [], extremes: shown };
  for (let bucket = 0; bucket < count; bucket++) {
    bucketed.times[bucket] = meanOf(times, starts[bucket]!, starts[bucket + 1]!);
  }
  for (const [index, column] of columns.entries()) {
    const means = new Float64Array(count);
    const lows = new Float64Array(count);
    const highs = new Float64Array(count);
    for (let bucket = 0; bucket < count; bucket++) {
      const start = starts[bucket]!;
      const end = starts[bucket + 1]!;
      means[bucket] = meanOf(column, start, end);
      lows[bucket] = extremeOf(extremes?.lows[index] ?? column, start, end, Math.min);
      highs[bucket] = extremeOf(extremes?.highs[index] ?? column, start, end, Math.max);
    }
    bucketed.columns.push(means);
    shown.lows.push(lows);
    shown.highs.push(highs);
  }
  return bucketed;
}

/** Indexes at which a bucket begins, and the end of the last one. */
function bucketStarts(times: Float64Array, bucketMs: number): number[] {
  const starts: number[] = [];
  let current = Number.NaN;
  for (let i = 0; i < times.length; i++) {
    const bucket = Math.floor(times[i]! / bucketMs);
    if (bucket !== current) starts.push(i);
    current = bucket;
  }
  starts.push(times.length);
  return starts;
}

/** NaN where every value is. */
function meanOf(values: Float64Array, start: number, end: number): number {
  let sum = 0;
  let known = 0;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return known === 0 ? Number.NaN : sum / known;
}

function extremeOf(
  values: Float64Array,
  start: number,
  end: number,
  pick: (a: number, b: number) => number,
): number {
  let extreme = Number.NaN;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    extreme = Number.isNaN(extreme) ? value : pick(extreme, value);
  }
  return extreme;
}
