/** The snapshot a stream begins with: all of the present, so that a reader needs nothing older. */
import type { StreamEvent } from '../../shared/events.ts';
import { levelRank } from '../../shared/log-level.ts';
import { MAX_RECENT_SECONDS } from '../../shared/protocol.ts';
import type { Note } from '../../shared/schema/notes.ts';
import type { ShownEvents } from '../access/shown-events.ts';
import type { HostRecord } from '../hosts/host-registry.ts';
import { hostOf, sseBlock } from './frame.ts';
import { viewHoldsChannel, viewHoldsHost, viewHoldsHosts, type View } from './view.ts';

/** What a snapshot is made of. */
export interface Present {
  records: Iterable<HostRecord>;
  notes: readonly Note[];
  /** Who watches, and where somebody points. */
  standing: readonly StreamEvent[];
  /** What sights show of all that. */
  shown: ShownEvents;
}

/**
 * One part per host and one of all that is of no host, as SSE blocks. `cursor` is of the newest event the registry holds, marked partial:
 * who is lost before `ready` has no place to resume from.
 */
export function encodeSnapshot(
  { records, notes, standing, shown }: Present,
  view: View,
  recentSeconds: number,
  cursor: string,
): Buffer[] {
  const parts: Buffer[] = [];
  for (const record of records) {
    if (!viewHoldsHost(view, record.host.id)) continue;
    const events = shownOf(snapshotOf(record, view, recentSeconds), view, shown);
    // Without its host nobody could tell what the rest is of.
    if (events[0]?.name !== 'host') continue;
    parts.push(Buffer.from(events.map(({ name, data }) => sseBlock(name, cursor, data)).join('')));
  }
  if (viewHoldsChannel(view, 'state')) {
    const held = notes
      .filter(({ hosts }) => viewHoldsHosts(view, hosts))
      .map((data): StreamEvent => ({ name: 'note', data }));
    const others = standing.filter((event) => viewHoldsHost(view, hostOf(event)));
    const seen = shownOf([...held, ...others], view, shown);
    if (seen.length > 0)
      parts.push(Buffer.from(seen.map(({ name, data }) => sseBlock(name, cursor, data)).join('')));
  }
  return parts;
}

function shownOf(events: StreamEvent[], { sight }: View, shown: ShownEvents): StreamEvent[] {
  return events.flatMap((event) => shown.of(sight, event) ?? []);
}

/** Every view gets `host`: a reader of logs alone must name the host they are of. */
function snapshotOf(record: HostRecord, view: View, recentSeconds: number): StreamEvent[] {
  const { host, sample, filesystems, sensors, processes } = record;
  const isLive = view.sight.since === 'live';
  const events: StreamEvent[] = [{ name: 'host', data: host }];
  if (viewHoldsChannel(view, 'state')) {
    for (const source of record.sources.values()) events.push({ name: 'source', data: source });
  }
  if (viewHoldsChannel(view, 'metrics')) {
    if (recentSeconds > 0 && sample && !isLive) {
      events.push({ name: 'recent', data: record.recent.read(host.id, host.intervalMs, recentSeconds) });
    }
    if (sample) events.push({ name: 'sample', data: sample });
    if (filesystems) events.push({ name: 'filesystems', data: filesystems });
    if (sensors) events.push({ name: 'sensors', data: sensors });
  }
  if (viewHoldsChannel(view, 'processes') && processes) events.push({ name: 'processes', data: processes });
  if (viewHoldsChannel(view, 'logs') && !isLive) {
    for (const line of record.logs.lines) {
      if (levelRank(line.level) >= view.levelFloor) events.push({ name: 'log', data: line });
    }
  }
  for (const gap of record.gaps.since(Date.now() - MAX_RECENT_SECONDS * 1000)) {
    if (viewHoldsChannel(view, 'state') || viewHoldsChannel(view, gap.channel))
      events.push({ name: 'gap', data: gap });
  }
  return events;
}
