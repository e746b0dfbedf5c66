/** `GET /api/v1/hosts`, as far as the caller may see it. */
import { eventRules } from '../../shared/event-rules.ts';
import type { StreamEvent, StreamEventName, StreamEventOf } from '../../shared/events.ts';
import type { HostSnapshot } from '../../shared/snapshot.ts';
import type { ShownEvents } from '../access/shown-events.ts';
import type { Sight } from '../access/sight.ts';
import { channelBit } from '../stream/channel-bit.ts';
import type { HostRecord } from './host-record.ts';

/** In the order of the registry. */
export function shownHosts(records: Iterable<HostRecord>, sight: Sight, events: ShownEvents): HostSnapshot[] {
  return Array.from(records).flatMap((record) => shownHost(record, sight, events) ?? []);
}

function shownHost(record: HostRecord, sight: Sight, events: ShownEvents): HostSnapshot | null {
  if (!sight.holdsHost(record.host.id)) return null;
  const shown = <Name extends SnapshotName>(name: Name, data: DataOf<Name> | null) =>
    data === null ? null : shownData(events, sight, name, data);
  const host = shown('host', record.host);
  if (host === null) return null;
  return {
    host,
    sample: shown('sample', record.sample),
    filesystems: shown('filesystems', record.filesystems),
    sensors: shown('sensors', record.sensors),
    processes: shown('processes', record.processes),
    sources: Array.from(record.sources.values()).flatMap((source) => shown('source', source) ?? []),
  };
}

type SnapshotName = 'host' | 'sample' | 'filesystems' | 'sensors' | 'processes' | 'source';
type DataOf<Name extends StreamEventName> = StreamEventOf<Name>['data'];

/** By the channel of the event with the same data. */
function shownData<Name extends SnapshotName>(
  events: ShownEvents,
  sight: Sight,
  name: Name,
  data: DataOf<Name>,
): DataOf<Name> | null {
  if ((sight.channelBits & channelBit(eventRules[name].channel)) === 0) return null;
  // TypeScript cannot tell that a pair of one name is a member of the union.
  const event = { name, data } as unknown as StreamEvent;
  return (events.of(sight, event)?.data ?? null) as DataOf<Name> | null;
}
