/** One drawing of a chart, as numbers: samples combined, stacked, thinned, and the time without any. */
import { bucketWindow, type SampleWindow } from './buckets.ts';
import { keysOf, type ChartSpec, type SeriesSpec } from './chart-spec.ts';
import { emptyStretches, type Stretch } from './stretches.ts';

export interface FrameView {
  /** Epoch milliseconds. */
  from: number;
  to: number;
  intervalMs: number;
  /** Width of the plot in CSS pixels. */
  width: number;
}

export interface ChartFrame {
  /** Every sample, at full resolution: for readouts, legends and tables. NaN is unknown. */
  samples: SampleWindow;
  /** What is drawn: stacked and mirrored, at most about one point per pixel. */
  plotted: SampleWindow;
  /** Extremes of each plotted series where several samples share a pixel, else null. */
  lows: Float64Array[] | null;
  highs: Float64Array[] | null;
  /** Distance of two neighbouring points at most, without a gap between them. */
  pointDistanceMs: number;
  stretches: Stretch[];
  /** Largest and smallest plotted value, never on the wrong side of zero. */
  peak: number;
  trough: number;
}

/** Narrowest bucket, in CSS pixels. */
const PIXELS_PER_POINT = 1;

/** `window` holds the columns of `keysOf(spec)`, in that order. */
export function chartFrame(spec: ChartSpec, window: SampleWindow, view: FrameView): ChartFrame {
  const keys = keysOf(spec);
  const values = spec.series.map((series) => sumOf(series, keys, window, spec.unit.factor));
  const samples = { times: window.times, columns: values };
  const bucketMs = ((view.to - view.from) / Math.max(1, view.width)) * PIXELS_PER_POINT;
  const drawn = bucketWindow(
    { times: window.times, columns: plottedColumns(spec.series, values) },
    bucketMs,
    view.intervalMs,
  );
  const pointDistanceMs = Math.max(view.intervalMs, bucketMs);
  return {
    samples,
    plotted: drawn,
    lows: drawn.lows,
    highs: drawn.highs,
    pointDistanceMs,
    stretches: emptyStretches(drawn.times, view.from, view.to, pointDistanceMs),
    peak: extreme(drawn.highs ?? drawn.columns, Math.max),
    trough: extreme(drawn.lows ?? drawn.columns, Math.min),
  };
}

/** In the chart's unit. A sum with an unknown part is unknown. */
function sumOf(series: SeriesSpec, keys: string[], window: SampleWindow, factor: number): Float64Array {
  const columns = series.keys.map((key) => window.columns[keys.indexOf(key)]!);
  if (columns.length === 1 && factor === 1) return columns[0]!;
  const sum = new Float64Array(window.times.length);
  for (const column of columns) {
    for (let i = 0; i < sum.length; i++) sum[i]! += factor * column[i]!;
  }
  return sum;
}

function plottedColumns(specs: readonly SeriesSpec[], values: Float64Array[]): Float64Array[] {
  let base: Float64Array | null = null;
  return specs.map((series, index) => {
    const own = values[index]!;
    if (series.isMirrored) return own.map((value) => -value);
    if (!series.isStacked) return own;
    const below: Float64Array | null = base;
    const top = below === null ? own : own.map((value, i) => value + below[i]!);
    // What is unknown adds nothing: the layers above it rest on the one below.
    base = top.map((value, i) => (Number.isNaN(value) ? (below?.[i] ?? 0) : value));
    return top;
  });
}

function extreme(columns: Float64Array[], pick: (a: number, b: number) => number): number {
  let result = 0;
  for (const column of columns) {
    for (const value of column) {
      if (!Number.isNaN(value)) result = pick(result, value);
    }
  }
  return result;
}
