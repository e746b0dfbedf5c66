/** Everything the page knows about one host: the newest of each event, and its recent series. */
import { shallowRef, type ShallowRef } from 'vue';
import type { Host } from '../../shared/schema/host.ts';
import type { LogLine, LogSource } from '../../shared/schema/logs.ts';
import type { Processes } from '../../shared/schema/processes.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import type { Filesystems, Sensors } from '../../shared/schema/slow-tiers.ts';
import type { Gap } from '../../shared/schema/stream.ts';
import type { Publish } from './publisher.ts';
import { SeriesTable } from './series-table.ts';

export interface HostState {
  readonly id: string;
  readonly host: ShallowRef<Host>;
  /** Null before the first one. */
  readonly sample: ShallowRef<Sample | null>;
  readonly filesystems: ShallowRef<Filesystems | null>;
  readonly sensors: ShallowRef<Sensors | null>;
  readonly processes: ShallowRef<Processes | null>;
  readonly sources: ShallowRef<LogSource[]>;
  /** Of this host or of the whole stream, newest last, at most 200. */
  readonly gaps: ShallowRef<Gap[]>;
  /** Lines of level warn and above, newest last, at most 20. */
  readonly warnings: ShallowRef<LogLine[]>;
  readonly series: SeriesTable;
}

export function createHostState(host: Host, publish: Publish): HostState {
  return {
    id: host.id,
    host: shallowRef(host),
    sample: shallowRef(null),
    filesystems: shallowRef(null),
    sensors: shallowRef(null),
    processes: shallowRef(null),
    sources: shallowRef([]),
    gaps: shallowRef([]),
    warnings: shallowRef([]),
    series: new SeriesTable({ publish }),
  };
}
