/** What the hub holds about one host. */
import type { Host, Uplink } from '../../shared/schema/host.ts';
import type { Processes } from '../../shared/schema/processes.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import type { Filesystems, Sensors } from '../../shared/schema/slow-tiers.ts';
import { GapList } from './gap-list.ts';
import type { HostLabels } from './host-labels.ts';
import type { HeldStatus } from './host-status.ts';
import { LogRing } from './log-ring.ts';
import { RecentRing } from './recent-ring.ts';
import { SourceList } from './source-list.ts';

export interface HostRecord {
  /** As readers have it. */
  host: Host;
  /** What the machine calls itself: its name where the owner gave it none. */
  ownName: string;
  labels: HostLabels | null;
  readonly holds: Set<HeldStatus>;
  /** The newest of the way here; `host.uplink` follows when that is worth an event. */
  uplink: Uplink | null;
  /** By the monotonic clock. */
  uplinkToldAt: number;
  sample: Sample | null;
  filesystems: Filesystems | null;
  sensors: Sensors | null;
  processes: Processes | null;
  readonly sources: SourceList;
  readonly recent: RecentRing;
  readonly logs: LogRing;
  readonly gaps: GapList;
  /** By the monotonic clock: when the newest sample, or the description, came in. */
  heardAt: number;
}

export function newHostRecord(host: Host, ownName: string, labels: HostLabels | null): HostRecord {
  return {
    host,
    ownName,
    labels,
    holds: new Set(),
    uplink: null,
    uplinkToldAt: -Infinity,
    sample: null,
    filesystems: null,
    sensors: null,
    processes: null,
    sources: new SourceList(),
    recent: new RecentRing(),
    logs: new LogRing(),
    gaps: new GapList(),
    heardAt: performance.now(),
  };
}
