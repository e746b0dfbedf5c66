/**
 * What the page can show of a host in any stretch of time: the samples that it holds itself, and before them what the hub kept.
 */
import type { TimeSpan } from './time-range.ts';
import type { Host } from '../../shared/schema/host.ts';
import type { HostState } from '../store/host-state.ts';
import type { PastRows } from '../store/past/past-rows.ts';
import type { PastSeries } from './past-series.ts';

export interface HostWindow {
  /** Epoch milliseconds, ascending: of a sample, or the middle of what many samples are the mean of. */
  times: Float64Array;
  /** One column per key; NaN is unknown. */
  columns: Float64Array[];
  /** Null: every row is a sample. */
  extremes: { lows: Float64Array[]; highs: Float64Array[] } | null;
  /** The longest time that one row stands for; 0: every row is a sample. */
  stepMs: number;
  /** Stretches that are being asked for, ascending. */
  holes: { from: number; to: number }[];
}

/** Buckets of a chart, and of one that fills the screen: charts of about the same width ask for the same, and share answers. */
export const USUAL_POINTS = 720;
export const WIDE_POINTS = 1_440;

/** What lies this many intervals, or buckets, before a span still has a line into it. */
const LEAD = 2.5;

/** What a page holds of a host by itself. */
export interface OwnRows {
  readonly id: string;
  readonly host: Readonly<{ value: Pick<Host, 'intervalMs'> }>;
  readonly series: Pick<HostState['series'], 'oldest' | 'window'>;
}

/** `points`: into how many buckets what the hub kept is cut at most. The answer is a copy. */
export function hostWindow(
  state: OwnRows,
  past: Pick<PastSeries, 'window'>,
  keys: readonly string[],
  { from, to }: TimeSpan,
  points: number,
): HostWindow {
  const { series } = state;
  const { intervalMs } = state.host.value;
  const { oldest } = series;
  const own = series.window(keys, from - LEAD * intervalMs, to);
  if (oldest !== null && oldest <= from) return { ...own, extremes: null, stepMs: 0, holes: [] };
  const kept = past.window({
    host: state.id,
    keys,
    from: from - pastLead(to - from, points, intervalMs),
    to: Math.min(to, oldest ?? to),
    spanMs: to - from,
    points,
    liveFrom: oldest,
  });
  return { ...joined(kept, own), holes: kept.holes };
}

/** How far before a span the hub is asked. `intervalMs`: between two samples; default a second. */
export function pastLead(spanMs: number, points: number, intervalMs = 1_000): number {
  return LEAD * Math.max(intervalMs, spanMs / points);
}

function joined(
  kept: PastRows,
  own: { times: Float64Array; columns: Float64Array[] },
): Omit<HostWindow, 'holes'> {
  if (kept.times.length === 0) return { ...own, extremes: null, stepMs: 0 };
  const both = (before: Float64Array[]): Float64Array[] =>
    before.map((column, index) => followedBy(column, own.columns[index]!));
  return {
    times: followedBy(kept.times, own.times),
    columns: both(kept.columns),
    extremes: { lows: both(kept.lows), highs: both(kept.highs) },
    stepMs: kept.stepMs,
  };
}

function followedBy(before: Float64Array, after: Float64Array): Float64Array {
  const both = new Float64Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  return both;
}
