/** Where there are no samples, and why: explicit, so that nothing is ever drawn over it. */
import type { HistoryGap } from '../../../shared/schema/history.ts';
import { BROKEN_AFTER_INTERVALS } from '../../hosts/gap-list.ts';
import type { TimeWindow } from './history-query.ts';

export interface GapSearch {
  window: TimeWindow;
  /** Epoch milliseconds of the first bucket. */
  start: number;
  stepMs: number;
  /** Samples in each bucket. */
  counts: ArrayLike<number>;
  /** Between two samples, in milliseconds; where they came less often at that time, that is found here. */
  intervalMs: number;
  /** Of several that hold a moment the first is its reason. */
  reasons: readonly HistoryGap[];
}

/** Gaps of one host in one answer; past it the shortest are left out. */
const MAX_GAPS = 1_000;
const LEAST_DISTANCES = 10;

/** Ascending, not overlapping. What is shorter than 2.5 intervals or buckets is none. */
export function findGaps({ window, start, stepMs, counts, intervalMs, reasons }: GapSearch): HistoryGap[] {
  const usualMs = Math.max(stepMs, intervalMs, stepMs * usualDistance(counts));
  const brokenMs = BROKEN_AFTER_INTERVALS * usualMs;
  const gaps = emptyStretches(window, start, stepMs, counts, brokenMs).flatMap((stretch) =>
    explained(stretch, reasons, brokenMs),
  );
  return gaps.length <= MAX_GAPS ? gaps : longest(gaps);
}

/** How many buckets lie from one that holds samples to the next: the middle of all distances; 0 where there are too few to tell. */
function usualDistance(counts: ArrayLike<number>): number {
  const distances: number[] = [];
  let newest = -1;
  for (let at = 0; at < counts.length; at++) {
    if (counts[at] === 0) continue;
    if (newest >= 0) distances.push(at - newest);
    newest = at;
  }
  if (distances.length < LEAST_DISTANCES) return 0;
  return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)]!;
}

function emptyStretches(
  window: TimeWindow,
  start: number,
  stepMs: number,
  counts: ArrayLike<number>,
  brokenMs: number,
): TimeWindow[] {
  const stretches: TimeWindow[] = [];
  let from = window.from;
  /** Of the distance between two buckets that hold samples one bucket is no gap. */
  const endAt = (to: number, leastMs: number) => {
    if (to - from > leastMs) stretches.push({ from, to });
  };
  for (let at = 0; at < counts.length; at++) {
    if (counts[at] === 0) continue;
    const bucket = start + at * stepMs;
    endAt(bucket, from === window.from ? brokenMs : brokenMs - stepMs);
    from = bucket + stepMs;
  }
  endAt(window.to, brokenMs);
  return stretches;
}

/** Cut where one reason ends and another begins. What is too short to be told goes with what is beside it. */
function explained(stretch: TimeWindow, reasons: readonly HistoryGap[], brokenMs: number): HistoryGap[] {
  const touching = reasons.filter(({ from, to }) => from < stretch.to && to > stretch.from);
  const inside = touching.flatMap(({ from, to }) => [from, to]);
  const cuts = [stretch.from, ...inside.filter((cut) => cut > stretch.from && cut < stretch.to), stretch.to];
  cuts.sort((a, b) => a - b);
  const pieces: HistoryGap[] = [];
  for (let at = 1; at < cuts.length; at++) {
    const [from, to] = [cuts[at - 1]!, cuts[at]!];
    if (from === to) continue;
    const reason = touching.find((each) => each.from <= from && each.to >= to)?.reason ?? 'unknown';
    const before = pieces.at(-1);
    if (before?.reason === reason) before.to = to;
    else pieces.push({ from, to, reason });
  }
  return withoutSlivers(pieces, brokenMs);
}

function withoutSlivers(pieces: HistoryGap[], brokenMs: number): HistoryGap[] {
  const kept = [...pieces];
  while (kept.length > 1) {
    const at = kept.findIndex(({ from, to }) => to - from <= brokenMs);
    if (at < 0) break;
    const sliver = kept[at]!;
    const [before, after] = [kept[at - 1], kept[at + 1]];
    // What is known tells more than what is not, and what lasts longer more than what is short.
    const isOfBefore = before !== undefined && (after === undefined || weightOf(before) >= weightOf(after));
    const neighbour = isOfBefore ? before : after!;
    const outweighs = sliver.reason !== 'unknown' && neighbour.reason === 'unknown';
    const reason = outweighs ? sliver.reason : neighbour.reason;
    const merged = {
      from: Math.min(sliver.from, neighbour.from),
      to: Math.max(sliver.to, neighbour.to),
      reason,
    };
    kept.splice(isOfBefore ? at - 1 : at, 2, merged);
  }
  return kept;
}

function weightOf({ from, to, reason }: HistoryGap): number {
  return reason === 'unknown' ? -1 / (to - from) : to - from;
}

function longest(gaps: readonly HistoryGap[]): HistoryGap[] {
  return [...gaps]
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, MAX_GAPS)
    .sort((a, b) => a.from - b.from);
}
