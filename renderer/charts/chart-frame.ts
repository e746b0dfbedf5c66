/** One drawing of a chart, as numbers: samples combined, stacked, thinned, and the time without any. */
import { bucketWindow, type Extremes, type SampleWindow } from './buckets.ts';
import { keysOf, type ChartSpec, type SeriesSpec } from './chart-spec.ts';
import { emptyStretches, withHoles, type Stretch } from './stretches.ts';

export interface FrameView {
  /** Epoch milliseconds. */
  from: number;
  to: number;
  /** Between two samples. */
  intervalMs: number;
  /** The longest time that one row of the window stands for. Default: rows are samples. */
  stepMs?: number;
  /** Stretches of which nothing is known yet, ascending. Default: none. */
  holes?: readonly { from: number; to: number }[];
  /** Width of the plot in CSS pixels. */
  width: number;
}

export interface ChartFrame {
  /** Every row, in the chart's unit: for readouts, legends and tables. NaN is unknown. */
  samples: SampleWindow;
  /** What is drawn: stacked and mirrored, at most about one point per pixel. */
  plotted: SampleWindow;
  /** Extremes of each plotted series where points stand for several samples, else null. */
  lows: Float64Array[] | null;
  highs: Float64Array[] | null;
  /** Distance of two neighbouring points at most, without a gap between them. */
  pointDistanceMs: number;
  /** Distance of two neighbouring rows of `samples` at most. */
  rowDistanceMs: number;
  stretches: Stretch[];
  /** Largest and smallest plotted value, never on the wrong side of zero. */
  peak: number;
  trough: number;
}

/** Narrowest bucket, in CSS pixels. */
const PIXELS_PER_POINT = 1;

/** `window` holds the columns of `keysOf(spec)`, in that order. */
export function chartFrame(spec: ChartSpec, window: SampleWindow, view: FrameView): ChartFrame {
  const rowDistanceMs = Math.max(view.intervalMs, view.stepMs ?? 0);
  const { factor } = spec.unit;
  const keys = keysOf(spec);
  const sums = (columns: Float64Array[]): Float64Array[] =>
    spec.series.map((series) => sumOf(series, keys, columns, factor));
  const values = sums(window.columns);
  // Rows no longer than the interval are samples, whatever they came as.
  const extremes = rowDistanceMs > view.intervalMs ? (window.extremes ?? null) : null;
  const valueExtremes = extremes && {
    lows: sums(extremes.lows),
    highs: cappedSums(spec, sums(extremes.highs)),
  };
  const drawn = bucketWindow(
    {
      times: window.times,
      columns: plottedColumns(spec.series, values),
      extremes: valueExtremes && plottedExtremes(spec, valueExtremes, extremes.lows),
    },
    bucketLength(view, rowDistanceMs),
    view.intervalMs,
  );
  const pointDistanceMs = Math.max(rowDistanceMs, bucketLength(view, rowDistanceMs));
  const empty = emptyStretches(drawn.times, view.from, view.to, pointDistanceMs);
  return {
    samples: { times: window.times, columns: values, extremes: valueExtremes },
    plotted: drawn,
    lows: drawn.extremes?.lows ?? null,
    highs: drawn.extremes?.highs ?? null,
    pointDistanceMs,
    rowDistanceMs,
    stretches: withHoles(empty, view.holes ?? []),
    peak: extreme(drawn.extremes?.highs ?? drawn.columns, Math.max),
    trough: extreme(drawn.extremes?.lows ?? drawn.columns, Math.min),
  };
}

/** No shorter than the longest row, so that fine and coarse parts of a window look alike. */
function bucketLength({ from, to, width, intervalMs }: FrameView, rowDistanceMs: number): number {
  const pixelMs = ((to - from) / Math.max(1, width)) * PIXELS_PER_POINT;
  return rowDistanceMs > intervalMs ? Math.max(pixelMs, rowDistanceMs) : pixelMs;
}

/**
 * In the chart's unit. A sum with an unknown part is unknown. Of extremes this is how far the sum can have reached: the parts need not
 * have been at their extremes at the same time.
 */
function sumOf(series: SeriesSpec, keys: string[], all: Float64Array[], factor: number): Float64Array {
  const columns = series.keys.map((key) => all[keys.indexOf(key)]!);
  if (columns.length === 1 && factor === 1) return columns[0]!;
  const sum = new Float64Array(columns[0]!.length);
  for (const column of columns) {
    for (let i = 0; i < sum.length; i++) sum[i]! += factor * column[i]!;
  }
  return sum;
}

/** Parts that peak one after the other are together no more than there is. */
function cappedSums({ series, axis }: ChartSpec, highs: Float64Array[]): Float64Array[] {
  if (axis.kind !== 'fixed') return highs;
  return highs.map((column, index) =>
    series[index]!.keys.length > 1 ? column.map((high) => Math.min(high, axis.max)) : column,
  );
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

/** `keyLows`: the smallest values by key. The top of a stack is exact where the spec says what the whole is. */
function plottedExtremes(spec: ChartSpec, values: Extremes, keyLows: Float64Array[]): Extremes {
  const { series, whole, unit, axis } = spec;
  const lows = plottedColumns(series, values.lows);
  const highs = plottedColumns(series, values.highs);
  series.forEach(({ isMirrored }, index) => {
    if (isMirrored) [lows[index], highs[index]] = [highs[index]!, lows[index]!];
  });
  const top = series.findLastIndex(({ isStacked }) => isStacked === true);
  if (top >= 0 && whole !== undefined) {
    const rest = keyLows[keysOf(spec).indexOf(whole.lessKey)]!;
    highs[top] = rest.map((low) => whole.of - unit.factor * low);
  } else if (top >= 0 && axis.kind === 'fixed') {
    highs[top] = highs[top]!.map((high) => Math.min(high, axis.max));
  }
  return { lows, highs };
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
