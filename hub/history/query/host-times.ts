/** What the chronicle says of one host: why there may be nothing, and what happened to it. */
import type { HistoryGap, HistoryMark } from '../../../shared/schema/history.ts';
import type { ChronicleEntry, KeptStatus } from '../../../shared/schema/kept-chronicle.ts';

export interface HostTimes {
  /** Each a reason for there being nothing in it; they may overlap, and the first that holds a moment is its reason. */
  reasons: HistoryGap[];
  /** Ascending by time. */
  marks: HistoryMark[];
  /** Epoch milliseconds of the oldest that is known; null: nothing is. */
  since: number | null;
}

/** Two looks at the clocks of a machine may be this far apart and tell of the same start. */
const SAME_BOOT_MS = 60_000;

const reasonOf = {
  offline: 'offline',
  asleep: 'asleep',
  paused: 'host-paused',
  incompatible: 'incompatible',
} as const satisfies Record<Exclude<KeptStatus, 'live'>, HistoryGap['reason']>;

type StatusEntry = Extract<ChronicleEntry, { what: 'status' | 'removed' }>;

/** `now` in epoch milliseconds: until then a status holds that nothing followed. */
export function hostTimes(entries: Iterable<ChronicleEntry>, host: string, now = Date.now()): HostTimes {
  const own = [...entries].filter((entry) => !('host' in entry) || entry.host === host);
  const statuses = ofKind(own, 'status').sort((a, b) => a.time - b.time);
  const starts = ofKind(own, 'hub-started');
  const held = heldReasons(own, now);
  return {
    reasons: [
      ...ofKind(own, 'gap').map(({ from, to, reason }) => ({ from, to, reason })),
      ...held.filter(({ reason }) => reason !== 'offline'),
      ...starts.flatMap(({ time: to, lastAlive: from }) =>
        from === null ? [] : [{ from, to, reason: 'hub-stopped' as const }],
      ),
      ...ofKind(own, 'not-stored').map(({ from, to }) => ({ from, to, reason: 'not-stored' as const })),
      ...held.filter(({ reason }) => reason === 'offline'),
    ],
    marks: [...statusMarks(statuses), ...bootMarks(own), ...starts.flatMap(hubMarks)].sort(
      (a, b) => a.time - b.time,
    ),
    since: earliest(own),
  };
}

/** Each holds until the next one. */
function heldReasons(own: readonly ChronicleEntry[], now: number): HistoryGap[] {
  const inOrder = own
    .filter((entry): entry is StatusEntry => entry.what === 'status' || entry.what === 'removed')
    .sort((a, b) => a.time - b.time);
  return inOrder.flatMap((entry, at): HistoryGap[] => {
    const to = inOrder[at + 1]?.time ?? now;
    if (entry.what === 'removed') return [{ from: entry.time, to, reason: 'removed' }];
    if (entry.status === 'live') return [];
    // It is known to be away some time after it was last heard.
    const from = Math.min(entry.time, entry.lastSeen ?? entry.time);
    return [{ from, to, reason: reasonOf[entry.status] }];
  });
}

function statusMarks(statuses: readonly Extract<ChronicleEntry, { what: 'status' }>[]): HistoryMark[] {
  let before: KeptStatus | null = null;
  return statuses.flatMap(({ time, status }) => {
    // Every start of the hub tells how its hosts are.
    if (status === before) return [];
    const mark: HistoryMark = { what: 'status', time, status, before };
    before = status;
    return [mark];
  });
}

function bootMarks(entries: readonly ChronicleEntry[]): HistoryMark[] {
  let newest = -Infinity;
  return ofKind(entries, 'boot')
    .sort((a, b) => a.time - b.time)
    .flatMap(({ time }) => {
      const isSame = time - newest <= SAME_BOOT_MS;
      newest = time;
      return isSame ? [] : [{ what: 'boot', time } as const];
    });
}

function hubMarks({ time, lastAlive }: Extract<ChronicleEntry, { what: 'hub-started' }>): HistoryMark[] {
  const started = { what: 'hub-started', time } as const;
  return lastAlive === null ? [started] : [{ what: 'hub-stopped', time: lastAlive }, started];
}

/** When it was told, not when the machine started: that may be long before anybody watched it. */
function earliest(entries: readonly ChronicleEntry[]): number | null {
  const times = entries.flatMap((entry) =>
    entry.what === 'status' ? entry.time : entry.what === 'gap' ? entry.from : [],
  );
  return times.length === 0 ? null : times.reduce((least, time) => Math.min(least, time));
}

function ofKind<What extends ChronicleEntry['what']>(
  entries: readonly ChronicleEntry[],
  what: What,
): Extract<ChronicleEntry, { what: What }>[] {
  return entries.filter((entry) => entry.what === what) as Extract<ChronicleEntry, { what: What }>[];
}
