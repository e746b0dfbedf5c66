/** How long the buckets of an answer are. */
import { historySteps } from '../../../shared/schema/history.ts';
import { finestTierAt, type Tier } from '../store/ladder.ts';
import type { TimeWindow } from './history-query.ts';

export interface Step {
  /** Epoch milliseconds of the first bucket; a multiple of `stepMs`. */
  start: number;
  stepMs: number;
  /** Buckets that touch the window. */
  length: number;
  /** Of the tier they are made of. */
  tierMs: number;
}

export interface StepLimits {
  /** No step is shorter, in milliseconds. Default 0. */
  leastMs?: number;
  /** Epoch milliseconds. */
  now?: number;
  /** As a `HostExtent` tells it. Default: nothing was dropped before its time. */
  keptFrom?: readonly number[];
}

/**
 * The shortest step of `historySteps` that needs no more than `points` buckets, is at least `leastMs`, and is made of whole buckets of the
 * finest tier that still keeps the beginning of the window: what only coarser ones keep would stand between empty buckets. Where even the longest needs more, the window's end is cut.
 */
export function stepFor(
  ladder: readonly Tier[],
  window: TimeWindow,
  points: number,
  { leastMs = 0, now = Date.now(), keptFrom = [] }: StepLimits = {},
): Step {
  const finest = finestTierAt(ladder, window.from, now, keptFrom).stepMs;
  const fits = (stepMs: number) =>
    stepMs >= leastMs && stepMs % finest === 0 && countOf(window, stepMs) <= points;
  const stepMs = historySteps.find(fits) ?? Math.ceil(historySteps.at(-1)! / finest) * finest;
  const tier = ladder.findLast((each) => each.stepMs >= finest && stepMs % each.stepMs === 0);
  return {
    start: Math.floor(window.from / stepMs) * stepMs,
    stepMs,
    length: Math.min(points, countOf(window, stepMs)),
    tierMs: tier?.stepMs ?? finest,
  };
}

function countOf({ from, to }: TimeWindow, stepMs: number): number {
  return Math.ceil(to / stepMs) - Math.floor(from / stepMs);
}
