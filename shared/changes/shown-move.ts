/** The two numbers that tell a change best. */
import type { ScoredChange } from './change-score.ts';

export interface ShownMove {
  /** What was usual before; null: there was nothing. */
  from: number | null;
  /** Null: there is nothing any more. */
  to: number | null;
  /** `to` was reached, but was not usual in the window. */
  isPeak: boolean;
  /** The window went further than the time before ever did. */
  isBeyond: boolean;
}

/** The middle is told where it went along, else how far it went: a spike need not fill what was chosen. */
export function shownMove({ direction, now, before }: Omit<ScoredChange, 'series' | 'score'>): ShownMove {
  const from = before?.median ?? null;
  if (now === null) return { from, to: null, isPeak: false, isBeyond: false };
  const start = from ?? 0;
  const [furthest, sign] = direction === 'down' ? [now.min, -1] : [now.max, 1];
  const isBeyond =
    before === null || sign * (furthest - (direction === 'down' ? before.min : before.max)) > 0;
  // A peak that was there before, if for a moment, says less than a middle that moved at all.
  const leastShare = isBeyond ? 1 / 2 : 1 / 10;
  const hasGoneAlong = sign * (now.median - start) >= leastShare * Math.abs(furthest - start);
  return { from, to: hasGoneAlong ? now.median : furthest, isPeak: !hasGoneAlong, isBeyond };
}
