/** What two answers of the hub, and the time between them, say about its cost per second. */
import type { HubNumbers } from '../../../shared/hub-numbers.ts';

export interface HubRates {
  /** Epoch milliseconds of the later answer. */
  time: number;
  /** Of one core. */
  cpuPercent: number;
  residentBytes: number;
  eventsPerSecond: number;
  bytesPerSecond: number;
  /** NaN where nothing was encoded. */
  encodeMicroseconds: number;
}

/** A hub reckons when it started from its uptime: two answers of one start differ by what clocks do in between. */
const SAME_START_MS = 1_000;

export function isSameStart(before: HubNumbers, after: HubNumbers): boolean {
  return Math.abs(after.startedAt - before.startedAt) <= SAME_START_MS;
}

/** Null where the later answer is of another start of the hub, or of the same moment. */
export function hubRates(before: HubNumbers, after: HubNumbers): HubRates | null {
  const seconds = (after.serverTime - before.serverTime) / 1000;
  if (seconds <= 0 || !isSameStart(before, after)) return null;
  return {
    time: after.serverTime,
    cpuPercent: (100 * (after.process.cpuSeconds - before.process.cpuSeconds)) / seconds,
    residentBytes: after.process.residentBytes,
    eventsPerSecond: (after.out.events - before.out.events) / seconds,
    bytesPerSecond: (after.out.bytes - before.out.bytes) / seconds,
    encodeMicroseconds:
      (1e6 * (after.encoding.seconds - before.encoding.seconds)) /
      (after.encoding.events - before.encoding.events),
  };
}
