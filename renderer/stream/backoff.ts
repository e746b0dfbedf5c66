/** Waiting times between attempts: doubling, capped, and jittered so that many pages do not return at once. */

export interface BackoffOptions {
  /** Milliseconds before the first retry. Default 500. */
  firstMs?: number;
  /** Never longer than this. Default 15 000. */
  maxMs?: number;
  /** 0 <= x < 1. Default `Math.random`. */
  random?: () => number;
}

/** The wait before retry number `attempt` (from 0): between half of the doubled time and all of it. */
export function backoffMs(attempt: number, options: BackoffOptions = {}): number {
  const { firstMs = 500, maxMs = 15_000, random = Math.random } = options;
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 16));
  return Math.round(full / 2 + (random() * full) / 2);
}
