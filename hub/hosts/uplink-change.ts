/** When a change of the way to a host is worth an event: `lagMs` and `skewMs` move with every batch. */
import type { Uplink } from '../../shared/schema/host.ts';

/** Told at most this often, but for what must be told at once. */
export const UPLINK_TOLD_EVERY_MS = 10_000;

/** Smaller changes of lag and skew, in milliseconds, are noise of the network. */
const MATERIAL_MS = 250;
/** A lag of a minute that grows by a second is still a lag of a minute. */
const MATERIAL_SHARE = 0.1;

/** `told` is what readers have. Trouble, and the beginning and end of a backfill, are told at once. */
export function uplinkChange(told: Uplink | null, newest: Uplink | null): 'none' | 'soon' | 'at-once' {
  if (told === newest) return 'none';
  if (told === null || newest === null) return 'at-once';
  if (told.trouble !== newest.trouble) return 'at-once';
  if ((told.backfillPercent === null) !== (newest.backfillPercent === null)) return 'at-once';
  const isMaterial =
    hasMoved(told.lagMs, newest.lagMs) ||
    hasMoved(told.skewMs, newest.skewMs) ||
    told.backfillPercent !== newest.backfillPercent;
  return isMaterial ? 'soon' : 'none';
}

function hasMoved(told: number | null, newest: number | null): boolean {
  if (told === null || newest === null) return told !== newest;
  return Math.abs(newest - told) > Math.max(MATERIAL_MS, MATERIAL_SHARE * Math.abs(told));
}
