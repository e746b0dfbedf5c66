/** One host's way in: which of its records are new, when they were observed, and what of them readers are told. */
import type { Observation } from '../../shared/events.ts';
import type { ObservedHost } from '../../shared/observer.ts';
import { MAX_RECENT_SECONDS, OFFLINE_AFTER_INTERVALS } from '../../shared/protocol.ts';
import type { Uplink } from '../../shared/schema/host.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import type { Gap } from '../../shared/schema/stream.ts';
import type { BatchHead } from '../../shared/schema/uplink.ts';
import type { HostRegistry, SlowReading } from '../hosts/host-registry.ts';
import { BackfillProgress } from './backfill-progress.ts';
import { CloneWatch } from './clone-watch.ts';
import type { HubClock } from './hub-clock.ts';
import type { IntakeRecord } from './record-line.ts';
import { RunClock } from './run-clock.ts';
import { RunLedger, type KeptRun } from './run-ledger.ts';

/** Runs whose clock is known; what earlier ones sent is dated by their own wall clock. */
const MAX_CLOCKS = 8;

/** What came late, to be told together: samples, and what was read beside them. */
export interface LateRecords {
  samples: Sample[];
  readings: SlowReading[];
}

export function nothingLate(): LateRecords {
  return { samples: [], readings: [] };
}

/** What outlives a start of the hub. */
export interface KeptHost {
  described: ObservedHost | null;
  runs: readonly KeptRun[];
}

export class HostIntake {
  readonly id: string;
  readonly ledger: RunLedger;
  readonly clones = new CloneWatch();
  readonly progress = new BackfillProgress();
  /** As its agent said, with the newest batch. */
  described: ObservedHost | null;
  version = '';
  address: string | null = null;
  waiting: number | null = null;
  lagMs: number | null = null;
  /** Epoch milliseconds of the newest batch; null: none since the hub started. */
  lastSeen: number | null = null;
  /** Where it was silent for a reason. */
  silentReason: Gap['reason'] = 'offline';
  readonly #registry: HostRegistry;
  readonly #hubClock: HubClock;
  readonly #clocks = new Map<string, RunClock>();
  /** Of the newest sample that was told as it happened. */
  #newest: { run: string; seq: number } | null = null;
  #run: string | null = null;
  #skewMs: number | null = null;

  constructor(id: string, parts: { registry: HostRegistry; clock: HubClock }, kept: KeptHost | null = null) {
    this.id = id;
    this.#registry = parts.registry;
    this.#hubClock = parts.clock;
    this.described = kept?.described ?? null;
    this.ledger = new RunLedger(kept?.runs);
  }

  get skewMs(): number | null {
    return this.#skewMs;
  }

  /** A batch came, at `arrivedAt` of the hub's monotonic clock. */
  hear(head: BatchHead, arrivedAt: number): void {
    const clock = this.#clockOf(head.run);
    clock.hear(head, arrivedAt);
    this.#run = head.run;
    this.#skewMs = clock.skewMs;
    this.version = head.agentVersion;
    this.waiting = head.waiting.records;
    this.lastSeen = Date.now();
  }

  /** How old a record of the sending run was on arrival. */
  ageOf({ run, mono }: IntakeRecord, arrivedAt: number): number | null {
    return this.#clocks.get(run)?.ageOf(mono, arrivedAt) ?? null;
  }

  /** The record with its times by the hub's clock. */
  corrected(record: IntakeRecord): IntakeRecord {
    const clock = this.#clocks.get(record.run) ?? null;
    const observedAt = (wall: number) => clock?.observedAt(record.mono, wall) ?? this.#lessSkew(wall);
    const dated = (wall: number) => clock?.corrected(wall) ?? this.#lessSkew(wall);
    switch (record.name) {
      case 'describe':
        return record;
      case 'sample':
      case 'filesystems':
      case 'sensors':
      case 'processes':
        record.data.time = observedAt(record.data.time);
        return record;
      case 'log':
        record.data.time = dated(record.data.time);
        return record;
      case 'source':
        record.data.since = dated(record.data.since);
        return record;
      case 'gap':
        record.data.from = dated(record.data.from);
        record.data.to = dated(record.data.to);
        return record;
    }
  }

  /**
   * Tells readers of a record that is new to them. Samples that came late are put into `late` instead, to be told together, and
   * what was read beside them as well.
   * Late is what another run than the sending one observed, what the spool kept, and what newer samples overtook.
   */
  tell(record: IntakeRecord, kind: BatchHead['kind'], late: LateRecords): void {
    const isLate = kind === 'backfill' || record.run !== this.#run;
    if (record.name === 'describe') return this.#describe(record, isLate);
    if (record.name === 'sample') {
      const isOvertaken = this.#newest?.run === record.run && record.seq < this.#newest.seq;
      if (isLate || isOvertaken) late.samples.push(record.data);
      else this.#tellSample(record);
    } else if (!isLate) this.#observe(record);
    else {
      if (record.name === 'filesystems' || record.name === 'sensors')
        late.readings.push({ name: record.name, data: record.data } as SlowReading);
      this.#tellLate(record);
    }
  }

  /** How the way to this host is, as readers are told. */
  uplink(trouble: string | null): Uplink {
    const round = (ms: number | null) => (ms === null ? null : Math.round(ms));
    return {
      lagMs: round(this.lagMs),
      skewMs: round(this.#skewMs),
      backfillPercent: this.progress.percent,
      trouble,
    };
  }

  toJSON(): KeptHost {
    return { described: this.described, runs: this.ledger.toJSON() };
  }

  /** What an earlier run says of the machine is true where nothing newer is known. */
  #describe({ data }: IntakeRecord & { name: 'describe' }, isLate: boolean): void {
    if (isLate && this.described !== null) return;
    this.described = data;
    this.#registry.describe(data, 'agent');
  }

  #tellSample({ run, seq, data }: IntakeRecord & { name: 'sample' }): void {
    const before = this.#registry.recordOf(this.id)?.host;
    const lastSeen = before?.lastSeen ?? null;
    if (before && lastSeen !== null) {
      const isMissing = data.time - lastSeen > OFFLINE_AFTER_INTERVALS * before.intervalMs;
      if (isMissing) this.#registry.observe({ name: 'gap', data: this.#silence(lastSeen, data.time) });
    }
    this.silentReason = 'offline';
    this.#newest = { run, seq };
    this.#observe({ name: 'sample', data });
  }

  #silence(from: number, to: number): Gap {
    return { host: this.id, channel: 'metrics', reason: this.silentReason, from, to, count: null };
  }

  /** Of the past, a page can hold lines; of states it wants the newest only. */
  #tellLate(record: Exclude<IntakeRecord, { name: 'describe' | 'sample' }>): void {
    const known = this.#registry.recordOf(this.id);
    if (!known) return;
    const oldest = Date.now() - MAX_RECENT_SECONDS * 1000;
    switch (record.name) {
      case 'log':
        if (record.data.time > oldest) this.#observe({ name: 'log', data: { ...record.data, late: true } });
        else this.#registry.observeOld({ ...record.data, late: true });
        return;
      case 'gap':
        if (record.data.to > oldest) this.#observe(record);
        return;
      case 'source':
        if ((known.sources.get(record.data.id)?.since ?? -Infinity) <= record.data.since)
          this.#observe(record);
        return;
      case 'filesystems':
      case 'sensors':
      case 'processes':
        if ((known[record.name]?.time ?? -Infinity) < record.data.time) this.#observe(record);
    }
  }

  #observe({ name, data }: Observation): void {
    this.#registry.observe({ name, data } as Observation);
  }

  #lessSkew(wall: number): number {
    return Math.abs(this.#skewMs ?? 0) >= 250 ? Math.round(wall - this.#skewMs!) : wall;
  }

  #clockOf(run: string): RunClock {
    const clock = this.#clocks.get(run) ?? new RunClock(this.#hubClock);
    this.#clocks.delete(run);
    this.#clocks.set(run, clock);
    if (this.#clocks.size > MAX_CLOCKS) this.#clocks.delete(this.#clocks.keys().next().value!);
    return clock;
  }
}
