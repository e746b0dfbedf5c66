/** The retention ladder: how fine history is kept, and for how long. One table; all that depends on it reads it from here. */

export interface Tier {
  /**
   * Width of a bucket, in milliseconds; buckets begin at whole multiples of it since the epoch. It divides the next tier's.
   */
  stepMs: number;
  /** How long its buckets are kept, in milliseconds. Each step is longer than the one before. */
  keepMs: number;
  /** Buckets are written together, so many milliseconds of a series at a time, a minute at least; a multiple of the span of the tier before. */
  spanMs: number;
  /** Its part of all room, where room is short. All of them together are 1. */
  share: number;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Finest first. What the first one keeps are the samples themselves, with their own times. */
export const defaultLadder: readonly Tier[] = [
  { stepMs: second, keepMs: day, spanMs: hour, share: 0.2 },
  { stepMs: 10 * second, keepMs: 7 * day, spanMs: 4 * hour, share: 0.25 },
  { stepMs: minute, keepMs: 90 * day, spanMs: day, share: 0.3 },
  { stepMs: 15 * minute, keepMs: 730 * day, spanMs: 8 * day, share: 0.23 },
  // So that years are read as soon as weeks.
  { stepMs: 4 * hour, keepMs: 730 * day, spanMs: 64 * day, share: 0.02 },
];

/**
 * The finest tier that still keeps `from`, which is the coarsest of all where none does. Epoch milliseconds. A window that begins there is
 * read from it or from a coarser one. `keptFrom`: of each tier, what it has dropped already for want of room; default: nothing.
 */
export function finestTierAt(
  ladder: readonly Tier[],
  from: number,
  now = Date.now(),
  keptFrom: readonly number[] = [],
): Tier {
  const keeps = ({ keepMs }: Tier, tier: number): boolean =>
    from >= Math.max(now - keepMs, keptFrom[tier] ?? -Infinity);
  return ladder.find(keeps) ?? ladder.at(-1)!;
}
