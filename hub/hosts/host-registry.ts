/** The registry: every host the hub knows, its newest observations, and whether it is alive. */
import type { Observation, StreamEvent } from '../../shared/events.ts';
import type { ObservationSink, ObservedHost } from '../../shared/observer.ts';
import { OFFLINE_AFTER_INTERVALS, STALE_AFTER_INTERVALS } from '../../shared/protocol.ts';
import type { Host, HostStatus } from '../../shared/schema/host.ts';
import type { LogSource } from '../../shared/schema/logs.ts';
import type { Processes } from '../../shared/schema/processes.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import type { Filesystems, Sensors } from '../../shared/schema/slow-tiers.ts';
import { GapList } from './gap-list.ts';
import { LogRing } from './log-ring.ts';
import { RecentRing } from './recent-ring.ts';

/** Hosts and sources past these are refused: their memory is the hub's. */
const MAX_HOSTS = 1024;
const MAX_SOURCES = 1024;

/** What the hub holds about one host. */
export interface HostRecord {
  host: Host;
  sample: Sample | null;
  filesystems: Filesystems | null;
  sensors: Sensors | null;
  processes: Processes | null;
  readonly sources: Map<string, LogSource>;
  readonly recent: RecentRing;
  readonly logs: LogRing;
  readonly gaps: GapList;
  /** By the monotonic clock: when the newest sample, or the description, came in. */
  heardAt: number;
}

export class HostRegistry implements ObservationSink {
  readonly #publish: (event: StreamEvent) => void;
  readonly #records = new Map<string, HostRecord>();
  #refused = 0;

  /** `publish` puts an event on the bus. The registry is changed first: a snapshot holds all that is published. */
  constructor(publish: (event: StreamEvent) => void) {
    this.#publish = publish;
  }

  get records(): Iterable<HostRecord> {
    return this.#records.values();
  }

  get size(): number {
    return this.#records.size;
  }

  /** Observations of hosts that nobody described, or past a limit. */
  get refused(): number {
    return this.#refused;
  }

  describe(observed: ObservedHost): void {
    const record = this.#records.get(observed.id);
    if (record) this.#redescribe(record, observed);
    else if (this.#records.size >= MAX_HOSTS) this.#refused++;
    else this.#add(observed);
  }

  observe(observation: Observation): void {
    const id = observation.data.host;
    const record = id === null ? undefined : this.#records.get(id);
    if (!record || !this.#keep(record, observation)) {
      this.#refused++;
      return;
    }
    this.#publish(observation);
  }

  /** Marks hosts that missed too many intervals. `now` is of `performance.now()`. */
  checkStatuses(now: number): void {
    for (const record of this.#records.values()) {
      const missed = (now - record.heardAt) / record.host.intervalMs;
      if (missed > OFFLINE_AFTER_INTERVALS) this.#setStatus(record, 'offline');
      else if (missed > STALE_AFTER_INTERVALS) this.#setStatus(record, 'stale');
    }
  }

  #add(observed: ObservedHost): void {
    const host: Host = {
      ...observed,
      status: 'live',
      statusSince: Date.now(),
      lastSeen: null,
      origin: 'local',
      group: null,
      tags: [],
      uplink: null,
    };
    this.#records.set(host.id, {
      host,
      sample: null,
      filesystems: null,
      sensors: null,
      processes: null,
      sources: new Map(),
      recent: new RecentRing(),
      logs: new LogRing(),
      gaps: new GapList(),
      heardAt: performance.now(),
    });
    this.#publish({ name: 'host', data: host });
  }

  #redescribe(record: HostRecord, observed: ObservedHost): void {
    const host: Host = { ...record.host, ...observed };
    if (JSON.stringify(host) === JSON.stringify(record.host)) return;
    record.host = host;
    this.#publish({ name: 'host', data: host });
  }

  /** False where a limit refuses the observation. */
  #keep(record: HostRecord, observation: Observation): boolean {
    switch (observation.name) {
      case 'sample':
        this.#keepSample(record, observation.data);
        return true;
      case 'log':
        record.logs.push(observation.data);
        return true;
      case 'source':
        if (record.sources.size >= MAX_SOURCES && !record.sources.has(observation.data.id)) return false;
        record.sources.set(observation.data.id, observation.data);
        return true;
      case 'filesystems':
        record.filesystems = observation.data;
        return true;
      case 'sensors':
        record.sensors = observation.data;
        return true;
      case 'processes':
        record.processes = observation.data;
        return true;
      case 'gap':
        record.gaps.push(observation.data);
        return true;
    }
  }

  #keepSample(record: HostRecord, sample: Sample): void {
    record.sample = sample;
    record.recent.push(sample);
    record.heardAt = performance.now();
    record.host = { ...record.host, lastSeen: sample.time };
    this.#setStatus(record, 'live');
  }

  /** Offline follows stale, never the other way round without a sample between. */
  #setStatus(record: HostRecord, status: HostStatus): void {
    if (record.host.status === status) return;
    record.host = { ...record.host, status, statusSince: Date.now() };
    this.#publish({ name: 'host', data: record.host });
  }
}
