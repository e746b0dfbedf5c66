/** The registry: every host the hub knows, its newest observations, and whether it is alive. */
import type { Observation, StreamEvent } from '../../shared/events.ts';
import type { ObservationSink, ObservedHost } from '../../shared/observer.ts';
import { MAX_RECENT_SECONDS, OFFLINE_AFTER_INTERVALS, STALE_AFTER_INTERVALS } from '../../shared/protocol.ts';
import type { Host, HostStatus, Uplink } from '../../shared/schema/host.ts';
import type { LogLine, LogSource } from '../../shared/schema/logs.ts';
import type { Processes } from '../../shared/schema/processes.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import type { Filesystems, Sensors } from '../../shared/schema/slow-tiers.ts';
import type { Backfill } from '../../shared/schema/stream.ts';
import { backfillsOf, slicedColumns } from './backfill-columns.ts';
import type { HostLabels, KeptLabels } from './host-labels.ts';
import { newHostRecord, type HostRecord } from './host-record.ts';
import { heldStatuses, statusOf, type HeldStatus } from './host-status.ts';
import { uplinkChange, UPLINK_TOLD_EVERY_MS } from './uplink-change.ts';

export type { HostRecord } from './host-record.ts';

/** Hosts past these are refused: their memory is the hub's. */
export const MAX_HOSTS = 1024;

/** What is read every few seconds beside the samples. */
export type SlowReading = Extract<Observation, { name: 'filesystems' | 'sensors' }>;

/** Keeps what is measured, of which the registry holds no more than some minutes. */
export interface MeasureTaker {
  takeSample(sample: Sample): void;
  /** The rows of `columns` whose times `isWanted`. */
  takeColumns(columns: Backfill, isWanted: (time: number) => boolean): void;
  /** What stands beside the samples that follow. */
  takeFilesystems(filesystems: Filesystems): void;
  takeSensors(sensors: Sensors): void;
  takeProcesses(processes: Processes): void;
  forget(host: string): void;
}

export class HostRegistry implements ObservationSink {
  readonly #publish: (event: StreamEvent) => void;
  readonly #labelsOf: (host: string) => KeptLabels | null;
  readonly #keepOld: (line: LogLine) => void;
  readonly #measures: MeasureTaker | null;
  readonly #records = new Map<string, HostRecord>();
  #refused = 0;

  /**
   * `publish` puts an event on the bus. The registry is changed first: a snapshot holds all that is published.
   * `labelsOf` is asked when a host is described for the first time. `keepOld` is given lines that are too old for any page;
   * `measures` every sample and process table, whenever it comes.
   */
  constructor(
    publish: (event: StreamEvent) => void,
    labelsOf: (host: string) => KeptLabels | null = () => null,
    keepOld: (line: LogLine) => void = () => undefined,
    measures: MeasureTaker | null = null,
  ) {
    this.#publish = publish;
    this.#labelsOf = labelsOf;
    this.#keepOld = keepOld;
    this.#measures = measures;
  }

  get records(): Iterable<HostRecord> {
    return this.#records.values();
  }

  *hosts(): Iterable<Host> {
    for (const { host } of this.#records.values()) yield host;
  }

  get size(): number {
    return this.#records.size;
  }

  /** Observations of hosts that nobody described, or past a limit. */
  get refused(): number {
    return this.#refused;
  }

  recordOf(id: string): HostRecord | null {
    return this.#records.get(id) ?? null;
  }

  /** A host that comes from elsewhere is `pairing` until its first sample. */
  describe(observed: ObservedHost, origin: Host['origin'] = 'local'): void {
    const record = this.#records.get(observed.id);
    if (record) this.#redescribe(record, observed, origin);
    else if (this.#records.size >= MAX_HOSTS) this.#refused++;
    else this.#add(observed, origin);
  }

  observe(observation: Observation): void {
    const record = this.#takerOf(observation);
    if (!record || !this.#keep(record, observation)) {
      this.#refused++;
      return;
    }
    this.#measure(observation);
    if (observation.name === 'sample') this.#hear(record);
    this.#publish(observation);
  }

  /** A line that came so late that no page holds its time any more: it is kept, and nobody is told. */
  observeOld(line: LogLine): void {
    if (this.#records.has(line.host)) this.#keepOld(line);
    else this.#refused++;
  }

  /**
   * Keeps what an earlier start of the hub has told already, in any order: nobody is told again, and nobody is alive for it.
   * `now` in epoch milliseconds.
   */
  remember(id: string, observations: readonly Observation[], now = Date.now()): void {
    const record = this.#records.get(id);
    if (!record) return;
    record.holds.delete('pairing');
    record.heardAt = -Infinity;
    const samples: Sample[] = [];
    for (const observation of observations) {
      if (observation.name === 'sample') samples.push(observation.data);
      else this.#keep(record, observation);
      this.#measure(observation);
    }
    this.#insert(record, samples, now);
    record.host = { ...record.host, status: statusOf(record, performance.now()) };
  }

  /**
   * Samples that came late, in any order: into the recent ring by time, and told as `backfill`. Of those that no page
   * holds any more only the times of the first and the last are told, so that who shows them can ask. `now` in epoch milliseconds.
   * `readings`: of the same time; they are kept beside the samples, and told to nobody.
   */
  backfill(
    id: string,
    samples: readonly Sample[],
    now = Date.now(),
    readings: readonly SlowReading[] = [],
  ): void {
    const record = this.#records.get(id);
    if (!record) return;
    const late = [...readings, ...samples.map((data) => ({ name: 'sample', data }) as const)];
    // A reading holds for the samples after it.
    for (const observation of late.sort((a, b) => a.data.time - b.data.time)) this.#measure(observation);
    for (const data of backfillsOf(id, record.host.intervalMs, this.#insert(record, samples, now))) {
      this.#publish({ name: 'backfill', data });
    }
    const times = samples.map(({ time }) => time).sort((a, b) => a - b);
    this.#tellOld(record, times, now);
  }

  /** As `backfill`, of columns: of what is not held here already. `columns.times` ascend. */
  fill(columns: Backfill, now = Date.now()): void {
    const record = this.#records.get(columns.host);
    if (!record) return;
    const oldest = now - MAX_RECENT_SECONDS * 1000;
    const held = record.recent.heldTimes();
    this.#tellOld(record, columns.times, now);
    // The word of old samples from the hub that has them: it brings none.
    if (Object.keys(columns.series).length === 0) return;
    this.#measures?.takeColumns(columns, (time) => !held.has(time));
    for (const data of slicedColumns(columns, (time) => time > oldest && !held.has(time))) {
      record.recent.insertColumns(data);
      record.gaps.fill(data.times, record.host.intervalMs);
      this.#publish({ name: 'backfill', data });
    }
  }

  /**
   * Of a host that another hub watches: what that hub says of it. Held statuses are taken over and lifted; who is silent there
   * is silent here. Alive is who sends samples, here as there.
   */
  follow(id: string, status: HostStatus): void {
    const record = this.#records.get(id);
    if (!record) return;
    record.holds.clear();
    const held = heldStatuses.find((name) => name === status);
    if (held) record.holds.add(held);
    const missed =
      status === 'offline' ? OFFLINE_AFTER_INTERVALS : status === 'stale' ? STALE_AFTER_INTERVALS : 0;
    if (missed > 0) {
      const silentSince = performance.now() - (missed + 0.5) * record.host.intervalMs;
      record.heardAt = Math.min(record.heardAt, silentSince);
    }
    this.#setStatus(record);
  }

  /** The host shows this status until it is lifted; of several the gravest. `trouble`: why, one sentence. */
  hold(id: string, status: HeldStatus, trouble: string | null = null): void {
    const record = this.#records.get(id);
    if (!record) return;
    record.holds.add(status);
    if (trouble !== null) this.setUplink(id, { ...noUplink, ...record.uplink, trouble });
    this.#setStatus(record);
  }

  /** A host that was held is given its intervals anew. */
  lift(id: string, status: HeldStatus): void {
    const record = this.#records.get(id);
    if (!record?.holds.delete(status)) return;
    record.heardAt = performance.now();
    this.#setStatus(record);
  }

  /** It has said that it leaves, or is known to be gone: `offline` with the next look at the statuses. */
  silence(id: string): void {
    const record = this.#records.get(id);
    if (record) record.heardAt = -Infinity;
  }

  /** How the way to a host is; readers are told as `uplinkChange` says. */
  setUplink(id: string, uplink: Uplink, now = performance.now()): void {
    const record = this.#records.get(id);
    if (!record) return;
    record.uplink = uplink;
    this.#tellUplink(record, now);
  }

  /** What the owner calls it from now on. Null, or a name of null: what it calls itself. */
  relabel(id: string, labels: HostLabels | null): void {
    const record = this.#records.get(id);
    if (!record) return;
    record.labels = labels;
    this.#change(record, labelled({ ...record.host, name: record.ownName }, labels));
  }

  /** Readers let go of it too. A description makes it known again. */
  forget(id: string): void {
    if (!this.#records.delete(id)) return;
    this.#measures?.forget(id);
    this.#publish({ name: 'gone', data: { host: id } });
  }

  /** Marks hosts that missed too many intervals, and tells what `setUplink` kept back. `now` is of `performance.now()`. */
  checkStatuses(now: number): void {
    for (const record of this.#records.values()) {
      this.#setStatus(record, now);
      this.#tellUplink(record, now);
    }
  }

  #add(observed: ObservedHost, origin: Host['origin']): void {
    const kept = this.#labelsOf(observed.id);
    const host: Host = {
      ...observed,
      status: 'live',
      statusSince: Date.now(),
      lastSeen: null,
      origin,
      group: null,
      tags: [],
      uplink: null,
    };
    const record = newHostRecord(labelled(host, kept), observed.name, kept);
    if (origin !== 'local') record.holds.add('pairing');
    if (kept?.paused) record.holds.add('paused');
    record.host.status = statusOf(record, record.heardAt);
    this.#records.set(host.id, record);
    this.#publish({ name: 'host', data: record.host });
  }

  #redescribe(record: HostRecord, observed: ObservedHost, origin: Host['origin']): void {
    record.ownName = observed.name;
    this.#change(record, labelled({ ...record.host, ...observed, origin }, record.labels));
  }

  /** `times` ascend. */
  #tellOld({ host }: HostRecord, times: readonly number[], now: number): void {
    const oldest = now - MAX_RECENT_SECONDS * 1000;
    const first = times[0];
    const last = times.findLast((time) => time <= oldest);
    if (first === undefined || last === undefined) return;
    const ends = first === last ? [first] : [first, last];
    this.#publish({
      name: 'backfill',
      data: { host: host.id, intervalMs: host.intervalMs, times: ends, series: {} },
    });
  }

  /** Answers what of it a page still holds, oldest first. */
  #insert(record: HostRecord, samples: readonly Sample[], now: number): Sample[] {
    const oldest = now - MAX_RECENT_SECONDS * 1000;
    const shown = samples.filter(({ time }) => time > oldest).sort((a, b) => a.time - b.time);
    const newest = shown.at(-1);
    if (!newest) return [];
    record.recent.insert(shown);
    record.gaps.fill(
      shown.map(({ time }) => time),
      record.host.intervalMs,
    );
    if (record.host.lastSeen === null || newest.time > record.host.lastSeen) {
      record.sample = newest;
      record.host = { ...record.host, lastSeen: newest.time };
    }
    return shown;
  }

  #takerOf({ data }: Observation): HostRecord | undefined {
    return data.host === null ? undefined : this.#records.get(data.host);
  }

  #measure({ name, data }: Observation): void {
    if (name === 'sample') this.#measures?.takeSample(data);
    else if (name === 'processes') this.#measures?.takeProcesses(data);
    else if (name === 'filesystems') this.#measures?.takeFilesystems(data);
    else if (name === 'sensors') this.#measures?.takeSensors(data);
  }

  /** False where a limit refuses the observation. */
  #keep(record: HostRecord, observation: Observation): boolean {
    switch (observation.name) {
      case 'sample':
        record.sample = observation.data;
        record.recent.push(observation.data);
        record.host = { ...record.host, lastSeen: observation.data.time };
        return true;
      case 'log':
        record.logs.push(observation.data);
        return true;
      case 'source':
        return this.#keepSource(record, observation.data);
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

  #keepSource(record: HostRecord, source: LogSource): boolean {
    const { isTaken, told } = record.sources.take(source);
    for (const data of told) this.#publish({ name: 'source', data });
    return isTaken;
  }

  #hear(record: HostRecord): void {
    record.heardAt = performance.now();
    record.holds.delete('pairing');
    this.#setStatus(record);
  }

  /** Offline follows stale, never the other way round without a sample between. */
  #setStatus(record: HostRecord, now = performance.now()): void {
    const status = statusOf(record, now);
    if (status !== record.host.status)
      this.#change(record, { ...record.host, status, statusSince: Date.now() });
  }

  #tellUplink(record: HostRecord, now: number): void {
    const change = uplinkChange(record.host.uplink, record.uplink);
    if (change === 'none' || (change === 'soon' && now - record.uplinkToldAt < UPLINK_TOLD_EVERY_MS)) return;
    record.uplinkToldAt = now;
    record.host = { ...record.host, uplink: record.uplink };
    const status = statusOf(record, now);
    if (status !== record.host.status) record.host = { ...record.host, status, statusSince: Date.now() };
    this.#publish({ name: 'host', data: record.host });
  }

  /** Nothing is told where nothing changes. */
  #change(record: HostRecord, host: Host): void {
    if (JSON.stringify(host) === JSON.stringify(record.host)) return;
    record.host = host;
    this.#publish({ name: 'host', data: host });
  }
}

const noUplink: Uplink = { lagMs: null, skewMs: null, backfillPercent: null, trouble: null };

function labelled(host: Host, labels: HostLabels | null): Host {
  if (labels === null) return host;
  return { ...host, name: labels.name ?? host.name, group: labels.group, tags: [...labels.tags] };
}
