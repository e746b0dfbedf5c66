/**
 * Takes over what an upstream tells: its events, under the ids of this hub, each exactly once. What a snapshot repeats is left out;
 * what came late fills in, and does not pass for now.
 */
import type { Observation, StreamEvent } from '../../shared/events.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import type { Hello, Recent } from '../../shared/schema/stream.ts';
import type { HostRegistry, SlowReading } from '../hosts/host-registry.ts';
import { newLines } from './new-lines.ts';
import { shifted, TOLERATED_SKEW_MS } from './shifted.ts';
import type { TakenHosts, Way } from './taken-hosts.ts';

/** Samples of a replay held back at once; a hub that never comes to its end fills no memory. */
const MAX_HELD_SAMPLES = 5_000;

/**
 * - `glance`: a snapshot read beside a replay that is to follow, for all that a replay does not tell: only metrics and state;
 * - `snapshot`, `replay`: what comes before `ready`.
 */
export type Phase = 'glance' | 'snapshot' | 'replay' | 'live';

export class Takeover {
  readonly #registry: HostRegistry;
  readonly #hosts: TakenHosts;
  #phase: Phase = 'live';
  #epoch = '';
  #isAfterReset = false;
  #skewMs = 0;
  #lagMs: number | null = null;
  /** Hosts of a snapshot, by their ids there, with the log sources that it names. */
  readonly #seen = new Map<string, Set<string>>();
  #replayed: { remote: string; data: Sample }[] = [];
  #replayedReadings: SlowReading[] = [];
  #lines: { id: string; lines: LogLine[] } | null = null;

  constructor(registry: HostRegistry, hosts: TakenHosts) {
    this.#registry = registry;
    this.#hosts = hosts;
  }

  /** From a sample's time to its arrival here; null: not known. */
  get lagMs(): number | null {
    return this.#lagMs;
  }

  begin({ epoch, serverTime }: Hello, phase: Phase): void {
    this.#phase = phase;
    this.#epoch = epoch;
    this.#isAfterReset = false;
    this.#seen.clear();
    const skewMs = serverTime - Date.now();
    // It stays what it was where it can: times that move a little would look like other samples.
    if (Math.abs(skewMs - this.#skewMs) > TOLERATED_SKEW_MS) {
      this.#skewMs = Math.abs(skewMs) <= TOLERATED_SKEW_MS ? 0 : skewMs;
    }
    if (phase === 'replay') this.#hosts.resume(this.#way());
  }

  take(told: StreamEvent): void {
    const event = shifted(told, this.#skewMs);
    switch (event.name) {
      case 'host':
        this.#endLines();
        if (!this.#seen.has(event.data.id)) this.#seen.set(event.data.id, new Set());
        this.#hosts.take(event.data, this.#epoch);
        this.#hosts.setUplink(event.data.id, this.#way());
        return;
      case 'gone':
        return this.#hosts.drop(event.data.host);
      case 'sample':
        return this.#takeSample(event.data);
      case 'log':
        return this.#takeLine(event.data);
      case 'recent':
        // Its last row is the sample that follows.
        return this.#fill(withoutLast(event.data));
      case 'backfill':
        return this.#fill(event.data);
      case 'gap':
        return this.#phase === 'glance' ? undefined : this.#observe(event);
      case 'source':
        this.#seen.get(event.data.host)?.add(event.data.id);
        return this.#observe(event);
      case 'processes':
        return this.#observe(event);
      case 'filesystems':
      case 'sensors':
        return this.#takeReading(event);
      case 'reset':
        this.#isAfterReset = true;
        return;
      case 'ready':
        return this.#ready();
      // This hub judges what it reads by its own rules.
      case 'alert':
      case 'note':
      case 'presence':
      case 'pointer':
      case 'audit':
      case 'hello':
      case 'ping':
      case 'bye':
        return;
    }
  }

  /** The stream has ended, wherever it was. */
  end(): void {
    this.#endReplay();
    this.#endLines();
    this.#lagMs = null;
    this.#phase = 'live';
  }

  #ready(): void {
    this.#endReplay();
    this.#endLines();
    if (this.#phase !== 'replay') this.#keepOnlySeen();
    this.#phase = 'live';
  }

  /** What a snapshot does not name is gone there. */
  #keepOnlySeen(): void {
    this.#hosts.keepOnly(new Set(this.#seen.keys()));
    for (const [remote, sources] of this.#seen) {
      const id = this.#hosts.idOf(remote);
      const held = id === null ? [] : [...(this.#registry.recordOf(id)?.sources.values() ?? [])];
      for (const source of held)
        if (!sources.has(source.id))
          this.#registry.observe({ name: 'source', data: { ...source, gone: true } });
    }
  }

  #takeSample(data: Sample): void {
    const remote = data.host;
    const id = this.#hosts.idOf(remote);
    if (id === null) return;
    const sample = { ...data, host: id };
    if (this.#phase === 'replay') {
      this.#replayed.push({ remote, data: sample });
      if (this.#replayed.length >= MAX_HELD_SAMPLES) this.#endReplay();
      return;
    }
    if (this.#phase !== 'live') return this.#takeNewest(remote, sample);
    this.#lagMs = Math.max(0, Date.now() - sample.time);
    this.#hosts.setUplink(remote, this.#way());
    this.#registry.observe({ name: 'sample', data: sample });
  }

  /** What is read beside samples that are held back is held back with them, and is the newest all the same. */
  #takeReading(event: SlowReading): void {
    const id = this.#hosts.idOf(event.data.host);
    if (id !== null && this.#phase === 'replay' && this.#replayedReadings.length < MAX_HELD_SAMPLES)
      this.#replayedReadings.push({ ...event, data: { ...event.data, host: id } } as SlowReading);
    this.#observe(event);
  }

  /** A host that is not alive there is not alive here, whatever it measured last. */
  #takeNewest(remote: string, sample: Sample): void {
    if (sample.time <= (this.#registry.recordOf(sample.host)?.host.lastSeen ?? -Infinity)) return;
    if (this.#hosts.isAlive(remote)) this.#registry.observe({ name: 'sample', data: sample });
    else this.#registry.backfill(sample.host, [sample]);
  }

  #takeLine(line: LogLine): void {
    const id = this.#hosts.idOf(line.host);
    if (id === null) return;
    const data = { ...line, host: id };
    if (this.#phase !== 'snapshot') return this.#registry.observe({ name: 'log', data });
    if (this.#lines?.id !== id) this.#endLines();
    this.#lines ??= { id, lines: [] };
    this.#lines.lines.push(data);
  }

  #fill(columns: Recent): void {
    const id = this.#hosts.idOf(columns.host);
    if (id !== null && columns.times.length > 0) this.#registry.fill({ ...columns, host: id });
  }

  #observe(event: Exclude<Observation, { name: 'sample' | 'log' }>): void {
    if (event.data.host === null) return;
    const id = this.#hosts.idOf(event.data.host);
    if (id !== null) this.#registry.observe({ ...event, data: { ...event.data, host: id } } as Observation);
  }

  /** All but the newest of each host came late. */
  #endReplay(): void {
    const replayed = this.#replayed;
    const readings = this.#replayedReadings;
    this.#replayed = [];
    this.#replayedReadings = [];
    for (const [remote, entries] of Map.groupBy(replayed, (entry) => entry.remote)) {
      const newest = entries.pop()!.data;
      const held = this.#registry.recordOf(newest.host)?.recent.heldTimes();
      const late = entries.flatMap(({ data }) => (held?.has(data.time) ? [] : [data]));
      const own = readings.filter(({ data }) => data.host === newest.host);
      this.#registry.backfill(newest.host, late, Date.now(), own);
      this.#takeNewest(remote, newest);
    }
  }

  /** The lines of a snapshot's host, without those that were taken before; where they do not join, a gap says so. */
  #endLines(): void {
    if (this.#lines === null) return;
    const { id, lines } = this.#lines;
    this.#lines = null;
    const held = this.#registry.recordOf(id)?.logs.lines ?? [];
    const fresh = newLines(held, lines);
    if (this.#isAfterReset && held.length > 0 && fresh.length === lines.length) {
      const [from, to] = [held.at(-1)!.time, lines[0]!.time].toSorted((a, b) => a - b);
      this.#registry.observe({
        name: 'gap',
        data: { host: id, channel: 'logs', reason: 'offline', from: from!, to: to!, count: null },
      });
    }
    for (const data of fresh) this.#registry.observe({ name: 'log', data });
  }

  #way(): Way {
    return { lagMs: this.#lagMs, skewMs: this.#skewMs === 0 ? null : this.#skewMs };
  }
}

function withoutLast({ host, intervalMs, times, series }: Recent): Recent {
  const columns = Object.entries(series).map(([key, column]) => [key, column.slice(0, -1)] as const);
  return { host, intervalMs, times: times.slice(0, -1), series: Object.fromEntries(columns) };
}
