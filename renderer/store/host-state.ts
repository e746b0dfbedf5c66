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

/** A stretch of time whose samples came late. */
export interface LateSpan {
  /** Epoch milliseconds of its first and last sample. */
  from: number;
  to: number;
  /** The part that came last, to be shown as it appears; its number grows with each. */
  newest: { from: number; to: number; number: number };
}

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
  /** By time, at most 50. */
  readonly lateSpans: ShallowRef<readonly LateSpan[]>;
  readonly series: SeriesTable;
  /** The newest sample, whether shown yet or not. Not reactive: for what is looked at once a second, of many hosts. */
  readonly latest: { sample: Sample | null };
}

/** `keys`: the series kept; null: all. */
export function createHostState(
  host: Host,
  publish: Publish,
  keys: readonly string[] | null = null,
): HostState {
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
    lateSpans: shallowRef([]),
    series: new SeriesTable({ publish, keys }),
    latest: { sample: null },
  };
}
