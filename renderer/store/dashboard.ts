/** The page's whole state: the hosts, the log lines and the hub's clock, kept by the events of the stream. */
import { inject, shallowRef, type InjectionKey, type ShallowRef } from 'vue';
import type { StreamEvent } from '../../shared/events.ts';
import { levelRank } from '../../shared/log-level.ts';
import type { Host } from '../../shared/schema/host.ts';
import type { LogLine, LogSource } from '../../shared/schema/logs.ts';
import type { Backfill, Gap, Hello } from '../../shared/schema/stream.ts';
import { createHostState, type HostState, type LateSpan } from './host-state.ts';
import { createHubClock, type HubClock } from './hub-clock.ts';
import { withLateSpan } from './late-spans.ts';
import { AlertList } from './alert-list.ts';
import { AuditList } from './audit-list.ts';
import { LogStore } from './log-store.ts';
import { NoteList } from './note-list.ts';
import { PointerList } from './pointer-list.ts';
import { PresenceList } from './presence-list.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { Timeline } from './timeline.ts';
import { vitalKeys } from './vital-keys.ts';

export interface Dashboard {
  /** In the order the hub named them. */
  readonly hosts: ShallowRef<HostState[]>;
  /** What the hub said of itself at the start of the newest stream. */
  readonly hello: ShallowRef<Hello | null>;
  readonly logs: LogStore;
  readonly notes: NoteList;
  readonly alerts: AlertList;
  readonly presence: PresenceList;
  readonly pointers: PointerList;
  /** Empty for everybody but the owner. */
  readonly audit: AuditList;
  readonly timeline: Timeline;
  readonly clock: HubClock;
  readonly publisher: Publisher;
  hostById(id: string): HostState | undefined;
  /** Hosts that were removed while this page was open: their names by id. */
  readonly gone: ShallowRef<ReadonlyMap<string, string>>;
  /** Somebody looks at this host in full: all its series are kept until the function answered is called. */
  look(id: string): () => void;
  /** Takes one event of the stream; `id` is its cursor, '' for events that carry none. */
  applyEvent(event: StreamEvent, id: string): void;
}

/** Events that speak of one host and are applied to its state. */
type MeasurementName =
  'recent' | 'sample' | 'backfill' | 'filesystems' | 'sensors' | 'processes' | 'source' | 'log';

const maxGaps = 200;
const maxWarnings = 20;
/** With more hosts than this, only the vital series are kept of those that nobody looks at. */
export const FEW_HOSTS = 16;

interface HostLists {
  sources: LogSource[];
  gaps: Gap[];
  warnings: LogLine[];
  lateSpans: readonly LateSpan[];
}

export interface DashboardOptions {
  /** Default: a log store that tells of changes once a frame. */
  logs?: LogStore;
  /** Default: the hub's, corrected by its events. */
  clock?: HubClock;
}

export function createDashboard(options: DashboardOptions = {}): Dashboard {
  const publisher = createPublisher();
  const { publish } = publisher;
  const clock = options.clock ?? createHubClock();
  const logs = options.logs ?? new LogStore();
  const notes = new NoteList(publish);
  const alerts = new AlertList(publish);
  const presence = new PresenceList(publish);
  const pointers = new PointerList(publish);
  const audit = new AuditList(publish);
  const timeline = new Timeline(publish);
  const hosts: ShallowRef<HostState[]> = shallowRef([]);
  const hello: ShallowRef<Hello | null> = shallowRef(null);
  const byId = new Map<string, HostState>();
  /** Lists that grow event by event, kept here because a held ref still shows its old value. */
  const lists = new Map<string, HostLists>();
  const gone: ShallowRef<ReadonlyMap<string, string>> = shallowRef(new Map());
  let goneById: ReadonlyMap<string, string> = new Map();
  let wereMany = false;
  /** How many look at a host in full. */
  const lookers = new Map<string, number>();
  /** Hosts a snapshot has named since it began; null outside a snapshot. */
  let namedBySnapshot: Set<string> | null = null;

  return {
    hosts,
    hello,
    logs,
    notes,
    alerts,
    presence,
    pointers,
    audit,
    timeline,
    clock,
    publisher,
    hostById: (id) => byId.get(id),
    gone,
    look,
    applyEvent,
  };

  function applyEvent(event: StreamEvent, id: string): void {
    switch (event.name) {
      case 'hello':
        clock.correct(event.data.serverTime, true);
        publish(hello, event.data);
        if (!event.data.resumed) beginSnapshot();
        return;
      case 'ready':
        endSnapshot(event.data.cursor);
        return;
      case 'reset':
        beginSnapshot();
        return;
      case 'ping':
        clock.correct(event.data.serverTime);
        return;
      case 'bye':
        return;
      case 'host':
        applyHost(event.data);
        return;
      case 'gap':
        applyGap(event.data);
        return;
      case 'note':
        notes.take(event.data);
        return;
      case 'alert':
        alerts.take(event.data);
        return;
      case 'presence':
        presence.take(event.data);
        return;
      case 'pointer':
        pointers.take(event.data, clock.now());
        return;
      case 'audit':
        audit.take([event.data]);
        return;
      case 'gone':
        drop([event.data.host]);
        return;
      case 'recent':
      case 'backfill':
      case 'sample':
      case 'filesystems':
      case 'sensors':
      case 'processes':
      case 'source':
      case 'log':
        applyMeasurement(event, id);
        return;
      default:
      // What no screen shows is not kept.
    }
  }

  function beginSnapshot(): void {
    namedBySnapshot = new Set();
    logs.beginSnapshot();
    notes.beginSnapshot();
    alerts.beginSnapshot();
    presence.beginSnapshot();
    pointers.beginSnapshot();
    for (const list of lists.values()) Object.assign(list, { sources: [], warnings: [] });
  }

  /** Hosts the snapshot did not name are gone. */
  function endSnapshot(cursor: string): void {
    logs.endSnapshot(cursor);
    if (namedBySnapshot === null) return;
    notes.endSnapshot();
    alerts.endSnapshot();
    presence.endSnapshot();
    pointers.endSnapshot();
    const named = namedBySnapshot;
    namedBySnapshot = null;
    for (const [id, state] of byId) {
      publish(state.sources, lists.get(id)!.sources);
      publish(state.warnings, lists.get(id)!.warnings);
    }
    drop([...byId.keys()].filter((id) => !named.has(id)));
  }

  function drop(ids: readonly string[]): void {
    for (const id of ids) {
      const state = byId.get(id);
      if (state === undefined) continue;
      goneById = new Map(goneById).set(id, state.host.value.name);
      timeline.gone(id, state.host.value.name, clock.now());
      byId.delete(id);
      lists.delete(id);
    }
    publish(gone, goneById);
    publishHosts();
  }

  /** The many hosts of a snapshot appear together, at its end: drawing them one by one would cost more than all the rest. */
  function publishHosts(): void {
    const isMany = byId.size > FEW_HOSTS;
    if (isMany !== wereMany) {
      wereMany = isMany;
      for (const id of byId.keys()) keepSeries(id);
    }
    if (!isMany || namedBySnapshot === null) publish(hosts, [...byId.values()]);
  }

  function look(id: string): () => void {
    lookers.set(id, (lookers.get(id) ?? 0) + 1);
    keepSeries(id);
    return () => {
      const count = lookers.get(id)! - 1;
      if (count > 0) lookers.set(id, count);
      else lookers.delete(id);
      keepSeries(id);
    };
  }

  function keysFor(id: string): readonly string[] | null {
    return wereMany && !lookers.has(id) ? vitalKeys : null;
  }

  function keepSeries(id: string): void {
    byId.get(id)?.series.keep(keysFor(id));
  }

  function applyHost(host: Host): void {
    namedBySnapshot?.add(host.id);
    timeline.host(host);
    const known = byId.get(host.id);
    if (known) {
      publish(known.host, host);
      return;
    }
    byId.set(host.id, createHostState(host, publish, keysFor(host.id)));
    lists.set(host.id, { sources: [], gaps: [], warnings: [], lateSpans: [] });
    if (goneById.has(host.id)) {
      goneById = new Map([...goneById].filter(([id]) => id !== host.id));
      publish(gone, goneById);
    }
    publishHosts();
  }

  function applyGap(gap: Gap): void {
    if (gap.channel === 'logs') logs.gap(gap);
    timeline.gap(gap);
    for (const state of byId.values()) {
      if (gap.host !== null && gap.host !== state.id) continue;
      const list = lists.get(state.id)!;
      list.gaps = [...list.gaps, gap].slice(-maxGaps);
      publish(state.gaps, list.gaps);
    }
  }

  function applyMeasurement(event: Extract<StreamEvent, { name: MeasurementName }>, id: string): void {
    const state = byId.get(event.data.host);
    // The hub names a host before its measurements; what comes for an unknown one is not ours to show.
    if (state === undefined) return;
    switch (event.name) {
      case 'sample':
        state.series.append(event.data.time, event.data);
        state.latest.sample = event.data;
        publish(state.sample, event.data);
        return;
      case 'recent':
        state.series.insert(event.data);
        return;
      case 'backfill':
        applyBackfill(state, event.data);
        return;
      case 'filesystems':
        publish(state.filesystems, event.data);
        return;
      case 'sensors':
        publish(state.sensors, event.data);
        return;
      case 'processes':
        publish(state.processes, event.data);
        return;
      case 'source':
        applySource(state, event.data);
        return;
      case 'log':
        applyLine(state, event.data, id);
    }
  }

  function applyBackfill(state: HostState, late: Backfill): void {
    // Without series it is the word of samples that are in the history: the page has to ask for them.
    const isWord = Object.keys(late.series).length === 0;
    if (!isWord) state.series.insert(late);
    const shown = isWord
      ? late.times
      : late.times.filter((time) => time >= (state.series.oldest ?? Infinity));
    const list = lists.get(state.id)!;
    list.lateSpans = withLateSpan(list.lateSpans, shown, late.intervalMs);
    publish(state.lateSpans, list.lateSpans);
  }

  function applySource(state: HostState, source: LogSource): void {
    timeline.source(source);
    const list = lists.get(state.id)!;
    const others = list.sources.filter((known) => known.id !== source.id);
    list.sources =
      source.gone === true ? others : [...others, source].sort((a, b) => a.label.localeCompare(b.label));
    publish(state.sources, list.sources);
  }

  function applyLine(state: HostState, line: LogLine, id: string): void {
    logs.append(line, id);
    if (levelRank(line.level) < levelRank('warn')) return;
    const list = lists.get(state.id)!;
    list.warnings = [...list.warnings, line].slice(-maxWarnings);
    publish(state.warnings, list.warnings);
  }
}

export const dashboardKey: InjectionKey<Dashboard> = Symbol('dashboard');

export function useDashboard(): Dashboard {
  const dashboard = inject(dashboardKey);
  if (dashboard === undefined) throw new Error('useDashboard() was called outside the app');
  return dashboard;
}
