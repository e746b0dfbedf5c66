/**
 * How far a series moved between two windows of time, as one number that can be compared between series: the hub ranks by it what
 * changed, and so does the page over the samples it holds.
 *
 * Of both windows values are taken that a single outlier does not move: the 10th, the 50th and the 90th percentile, and the highest and
 * lowest that were held for a while (`held-level.ts`): a spike of minutes in an hour moves no percentile. How far the middle moved, high
 * values rose or low ones fell, whichever is most, is divided by the usual spread of the time before.
 */
import type { HistoryChange } from '../schema/history.ts';
import { slowSeriesOf } from '../slow-series.ts';
import { heldLevel } from './held-level.ts';
import { seriesUnitOf, type SeriesUnit } from './series-unit.ts';

/** The same in words, for who reads a ranking. */
export const changeMethod =
  'Each series is compared with the time before: how far its middle moved, its high values rose or its low ones fell (50th, 90th and 10th percentile, and what it held for a thirtieth of the time). The largest of these is divided by how much the series usually varied before, so that what is always restless does not come first.';

/** What moved less than so many times its usual spread is no change. */
const MIN_CHANGE_SCORE = 2;

export interface ComparedSeries {
  series: string;
  /** By time; NaN is unknown. */
  now: ArrayLike<number>;
  before: ArrayLike<number>;
}

/** The known values of a window. */
interface Values {
  byTime: Float64Array;
  ascending: Float64Array;
}

export type ScoredChange = Omit<HistoryChange, 'words'>;

/**
 * A spread smaller than this is taken as this: a series that stood still has none, and would move infinitely far. About what a
 * person calls a difference, so that a percent of CPU and a byte per second weigh alike.
 */
const leastSpread: Readonly<Record<SeriesUnit, number>> = {
  percent: 1,
  bytes: 32 * 1024 * 1024,
  bytesPerSecond: 256 * 1024,
  perSecond: 25,
  milliseconds: 1,
  megahertz: 100,
  celsius: 2,
  files: 1_000,
  turnsPerMinute: 100,
  amount: 0.5,
};
/** Of trouble, one a second is much. */
const leastSpreadOfTrouble = 0.2;
const trouble = /\.(errors|drops|retransmits)$/;
/** Every page that is opened is a few connections more, and memory that nobody wants is lent to files as they are read. */
const leastSpreadOfSeries: Readonly<Record<string, number>> = {
  'tcp.established': 5,
  'memory.cached': 256 * 1024 * 1024,
  'memory.buffers': 256 * 1024 * 1024,
};
/** And no smaller than this share of its own middle: 7 GiB that move by 100 MiB stand still. */
const LEAST_SHARE = 0.02;

/** They say the opposite of another series, or never move. */
const mirrored: ReadonlySet<string> = new Set([
  'cpu.idle',
  'memory.available',
  'memory.free',
  'memory.total',
  'swap.total',
]);
/** The same of mounts. */
const mirroredMetrics: ReadonlySet<string> = new Set(['available', 'total', 'inodesTotal']);

/** Standard deviations between the 10th and the 90th percentile of a normal distribution. */
const DEVIATIONS_BETWEEN = 2.563;

/** Fewer values do not tell what is usual. */
const LEAST_BEFORE = 5;

/** Of a window: two minutes of an hour. */
const HELD_SHARE = 1 / 30;
/** Values in a row; a spike that begins and ends within its buckets has two less. */
const LEAST_HELD = 4;

/** How many of the series there is something to compare of. 0: nothing is known of the time before, or of the window. */
export function countComparable(compared: Iterable<ComparedSeries>): number {
  let count = 0;
  for (const { now, before } of compared) if (isComparable(valuesOf(now), valuesOf(before))) count++;
  return count;
}

/** What moved, the highest score first. Nothing where no series can be compared: then there is no telling what is usual. */
export function rankChanges(compared: Iterable<ComparedSeries>): ScoredChange[] {
  const changes: ScoredChange[] = [];
  let hasCommon = false;
  for (const { series, now, before } of compared) {
    const [later, earlier] = [valuesOf(now), valuesOf(before)];
    hasCommon ||= isComparable(later, earlier);
    if (isMirrored(series)) continue;
    const change = changeOf(series, later, earlier);
    if (change !== null && change.score >= MIN_CHANGE_SCORE) changes.push(change);
  }
  return hasCommon ? changes.sort((a, b) => b.score - a.score || (a.series < b.series ? -1 : 1)) : [];
}

function isComparable(later: Values, earlier: Values): boolean {
  return later.ascending.length > 0 && earlier.ascending.length >= LEAST_BEFORE;
}

/** Null where neither window has a value. */
function changeOf(series: string, later: Values, earlier: Values): ScoredChange | null {
  const [now, before] = [spreadOf(later.ascending), spreadOf(earlier.ascending)];
  if (now === null && before === null) return null;
  const move = (share: number) =>
    (now === null ? 0 : quantile(later.ascending, share)) -
    (before === null ? 0 : quantile(earlier.ascending, share));
  // Peaks that stay away for once are no event, nor are lows that do.
  const moves = [move(0.5), Math.max(0, move(0.9)), Math.min(0, move(0.1)), ...heldMoves(later, earlier)];
  const largest = moves.reduce((most, each) => (Math.abs(each) > Math.abs(most) ? each : most));
  const direction = before === null ? 'appeared' : now === null ? 'vanished' : largest < 0 ? 'down' : 'up';
  // A disk that is mounted is no disk that fills: worth a word, and no more.
  const hasComeOrGone = (before === null || now === null) && slowSeriesOf(series) !== null;
  const score = hasComeOrGone ? MIN_CHANGE_SCORE : Math.abs(largest) / usualSpread(series, earlier.ascending);
  return { series, score, direction, now, before };
}

/** How far beyond the time before it stayed for a while. What was held then for half as long is nothing new. */
function heldMoves({ byTime: now }: Values, { byTime: before }: Values): number[] {
  const length = Math.max(LEAST_HELD, Math.ceil(HELD_SHARE * now.length));
  if (now.length < length || before.length < LEAST_BEFORE) return [];
  const high = heldLevel(now, length, 'high') - heldLevel(before, length / 2, 'high');
  const low = heldLevel(now, length, 'low') - heldLevel(before, length / 2, 'low');
  return [Math.max(0, high), Math.min(0, low)];
}

function isMirrored(series: string): boolean {
  const slow = slowSeriesOf(series);
  return slow === null ? mirrored.has(series) : mirroredMetrics.has(slow.metric);
}

function usualSpread(series: string, earlier: Float64Array): number {
  const least = leastSpreadOf(series);
  if (earlier.length === 0) return least;
  const measured = (quantile(earlier, 0.9) - quantile(earlier, 0.1)) / DEVIATIONS_BETWEEN;
  return Math.max(least, measured, LEAST_SHARE * Math.abs(quantile(earlier, 0.5)));
}

function leastSpreadOf(series: string): number {
  if (trouble.test(series)) return leastSpreadOfTrouble;
  return leastSpreadOfSeries[series] ?? leastSpread[seriesUnitOf(series)];
}

function spreadOf(values: Float64Array): ScoredChange['now'] {
  if (values.length === 0) return null;
  return { median: quantile(values, 0.5), min: values[0]!, max: values.at(-1)!, count: values.length };
}

function valuesOf(values: ArrayLike<number>): Values {
  const byTime = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  return { byTime, ascending: byTime.toSorted() };
}

/** Between two values where none stands at that place. */
function quantile(ascending: Float64Array, share: number): number {
  const place = share * (ascending.length - 1);
  const below = Math.floor(place);
  const [a, b] = [ascending[below]!, ascending[Math.min(below + 1, ascending.length - 1)]!];
  return a + (b - a) * (place - below);
}
