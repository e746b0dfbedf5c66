/** Notices that the machine slept between two instants. */
import type { Instant } from './sample-rates.ts';

/** The kernel gives uptime in hundredths and the clocks are read one after the other: this much is no sleep. */
const TOLERANCE_MS = 2_000;
/** Where the monotonic clock goes on in sleep, a tick this late is taken for one. */
const LATE_TICK_MS = 30_000;

export interface SuspendWatchOptions {
  intervalMs: number;
  monotonicStopsAsleep: boolean;
}

export function createSuspendWatch(options: SuspendWatchOptions) {
  let before: Instant | null = null;

  /** Wall time before the sleep, or null: no sleep. A step of the wall clock alone is none. */
  return function sleptSince(now: Instant): number | null {
    const earlier = before;
    before = now;
    if (!earlier) return null;
    const awakeMs = now.monotonicMs - earlier.monotonicMs;
    const asleepMs = now.uptimeMs - earlier.uptimeMs - awakeMs;
    const isLate = !options.monotonicStopsAsleep && awakeMs > options.intervalMs + LATE_TICK_MS;
    return asleepMs > TOLERANCE_MS || isLate ? earlier.wallMs : null;
  };
}
