/** Whether a host is alive: what it is held at, else how many intervals it has missed. */
import { OFFLINE_AFTER_INTERVALS, STALE_AFTER_INTERVALS } from '../../shared/protocol.ts';
import type { HostStatus } from '../../shared/schema/host.ts';
import type { HostRecord } from './host-record.ts';

/** These stay until they are lifted, whatever the intervals say. Where several hold, the first of this list shows. */
export const heldStatuses = [
  'incompatible',
  'paused',
  'asleep',
  'pairing',
] as const satisfies readonly HostStatus[];
export type HeldStatus = (typeof heldStatuses)[number];

/** `now` is of `performance.now()`. */
export function statusOf({ host, holds, heardAt }: HostRecord, now: number): HostStatus {
  const held = heldStatuses.find((status) => holds.has(status));
  if (held) return held;
  const missed = (now - heardAt) / host.intervalMs;
  if (missed > OFFLINE_AFTER_INTERVALS) return 'offline';
  if (missed > STALE_AFTER_INTERVALS) return 'stale';
  return host.uplink?.backfillPercent == null ? 'live' : 'backfilling';
}
