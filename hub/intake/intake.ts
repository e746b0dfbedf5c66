/** The intake: batches of agents become observations of the registry, once each, and are on the disk before they are answered. */
import type { WatchlineError } from '../../shared/errors.ts';
import { uplinkProblems, type BatchAnswer, type BatchHead } from '../../shared/schema/uplink.ts';
import { MAX_HOSTS, type HostRegistry } from '../hosts/host-registry.ts';
import { ProblemError } from '../http/problem.ts';
import type { Batch } from './batch.ts';
import { HostIntake, nothingLate, type KeptHost, type LateRecords } from './host-intake.ts';
import { HubClock } from './hub-clock.ts';
import { IntakeCounts, type IntakeNumbers } from './intake-counts.ts';
import { IntakeJournal, journalLine, type JournalHead } from './intake-journal.ts';
import type { LateTurn } from './late-turns.ts';
import { recall } from './recall.ts';
import { readRecordLine, type IntakeRecord } from './record-line.ts';
import { undescribed } from './undescribed.ts';

/** An agent that was heard within this time is there. */
const HEARD_MS = 60_000;
const AGE_EVERY_MS = 10_000;

export interface IntakeOptions {
  dir: string;
  registry: HostRegistry;
  /** Of the journal, in bytes and milliseconds. */
  maxBytes: number;
  maxAgeMs: number;
  /** False for a host that is nobody's any more: what the journal holds of it is left out. */
  isAgent: (host: string) => boolean;
  report: (trouble: Error) => void;
}

/** How a batch came. */
export interface Arrival {
  address: string;
  /** By the monotonic clock. */
  at: number;
  /** Null: as it happens. */
  turn: LateTurn | null;
}

/** What is known of one agent; `AgentEntry` without what the pairing knows. */
export interface AgentState {
  version: string;
  address: string | null;
  /** Epoch milliseconds; null: never since the hub started. */
  lastSeen: number | null;
  lagMs: number | null;
  skewMs: number | null;
  waiting: number | null;
  trouble: string | null;
}

interface Taken {
  refused: BatchAnswer['refused'];
  /** Records that the journal does not hold yet, with their lines. */
  unkept: { record: IntakeRecord; line: string }[];
  late: LateRecords;
  newest: IntakeRecord | null;
  /** Records that have come before. */
  known: { run: string; seq: number }[];
}

export class Intake implements AsyncDisposable {
  readonly #options: IntakeOptions;
  readonly #registry: HostRegistry;
  readonly #clock = new HubClock();
  readonly #hosts = new Map<string, HostIntake>();
  readonly #counts = new IntakeCounts();
  #journal!: IntakeJournal;
  /** Null: the journal can be written. */
  #diskTrouble: WatchlineError | null = null;
  #aging: NodeJS.Timeout | null = null;

  private constructor(options: IntakeOptions) {
    this.#options = options;
    this.#registry = options.registry;
  }

  /** Reads the journal again: hosts, their last minutes, and what has come. Throws a `SegmentLogError`. */
  static async open(options: IntakeOptions): Promise<Intake> {
    const intake = new Intake(options);
    intake.#journal = await IntakeJournal.open({
      dir: options.dir,
      maxBytes: options.maxBytes,
      maxAgeMs: options.maxAgeMs,
      head: () => intake.#head(),
      report: (trouble) => intake.#hearDisk(trouble),
    });
    const kept = await recall(intake.#journal, options.registry, options.isAgent);
    for (const [id, host] of kept) intake.#hosts.set(id, intake.#newHost(id, host));
    intake.#aging = setInterval(() => void intake.#age(), AGE_EVERY_MS).unref();
    return intake;
  }

  get numbers(): IntakeNumbers {
    const hosts = [...this.#hosts.values()].filter(({ lastSeen }) => lastSeen !== null);
    const heard = hosts.filter(({ lastSeen }) => Date.now() - lastSeen! < HEARD_MS);
    const lags = heard.flatMap(({ lagMs }) => (lagMs === null ? [] : [lagMs]));
    return {
      ...this.#counts,
      agents: hosts.length,
      agentsHeard: heard.length,
      journalBytes: this.#journal.bytes,
      lagMs: lags.length === 0 ? null : Math.max(...lags),
    };
  }

  get counts(): IntakeCounts {
    return this.#counts;
  }

  /** Null: nothing of it is known. */
  stateOf(id: string): AgentState | null {
    const host = this.#hosts.get(id);
    if (!host) return null;
    const { version, address, lastSeen, waiting } = host;
    const { lagMs, skewMs, trouble } = host.uplink(this.#troubleOf(host));
    return { version, address, lastSeen, waiting, lagMs, skewMs, trouble };
  }

  /** Throws a `ProblemError`: 409 for a clone, 503 where the hub cannot take it now. */
  async take(id: string, { head, lines }: Batch, arrival: Arrival): Promise<BatchAnswer> {
    const host = this.#hostOf(id);
    host.address = arrival.address;
    this.#refuseClone(host, head.run, arrival.at);
    this.#refuseWhatHasNoPlace(host, head);
    host.hear(head, arrival.at);
    this.#liftHolds(id);
    this.#counts.batches++;
    const taken = await this.#takeLines(host, head, lines, arrival.turn);
    // The disk is waited for side by side.
    arrival.turn?.[Symbol.dispose]();
    host.progress.hear(head, lines.length);
    if (head.kind === 'live' && taken.newest !== null) {
      host.lagMs = host.ageOf(taken.newest, performance.now()) ?? host.lagMs;
    }
    this.#registry.setUplink(id, host.uplink(this.#troubleOf(host)));
    if (head.leaving !== undefined) this.#takeLeave(host, head.leaving);
    await this.#keep(host, taken, head.kind === 'backfill');
    const isPaused = this.#registry.recordOf(id)?.holds.has('paused') ?? false;
    if (isPaused) host.silentReason = 'host-paused';
    return {
      serverTime: Date.now(),
      refused: taken.refused,
      paused: isPaused,
      ...(host.described === null && { describe: true as const }),
    };
  }

  /** Its agent speaks another protocol: shown until it speaks ours. */
  holdIncompatible(id: string, trouble: string): void {
    this.#registry.hold(id, 'incompatible', trouble);
  }

  /** The host's agent was revoked. One that took its place goes on with what is known of its runs. */
  forget(id: string): void {
    if (!this.#options.isAgent(id)) this.#hosts.delete(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#aging !== null) clearInterval(this.#aging);
    await this.#journal[Symbol.asyncDispose]();
  }

  async #takeLines(
    host: HostIntake,
    head: BatchHead,
    lines: readonly Buffer[],
    turn: LateTurn | null,
  ): Promise<Taken> {
    const taken: Taken = { refused: [], unkept: [], late: nothingLate(), newest: null, known: [] };
    let place = { run: head.run, seq: 1 };
    for (const line of lines) {
      if (turn?.isOver) {
        this.#tellLate(host, taken);
        await turn.next();
      }
      const { record, refusal } = readRecordLine(line, host.id, place);
      const { run, seq } = record ?? refusal;
      place = { run, seq: seq + 1 };
      if (record) this.#takeRecord(host, head, record, taken);
      else taken.refused.push(refusal);
    }
    this.#tellLate(host, taken);
    this.#counts.refused += taken.refused.length;
    return taken;
  }

  #takeRecord(host: HostIntake, head: BatchHead, record: IntakeRecord, taken: Taken): void {
    const { shown, kept } = host.ledger.entryOf(record.run);
    const isNew = shown.add(record.seq);
    if (!isNew && kept.has(record.seq)) {
      taken.known.push({ run: record.run, seq: record.seq });
      return;
    }
    const corrected = host.corrected(record);
    taken.unkept.push({ record: corrected, line: journalLine(corrected) });
    if (!isNew) return;
    this.#counts.records++;
    if (record.name !== 'describe') this.#describeAgain(host, head);
    host.tell(corrected, head.kind, taken.late);
    taken.newest = record;
  }

  /** Where the registry has never heard of it, or has let go of it since. */
  #describeAgain(host: HostIntake, { agentVersion }: BatchHead): void {
    if (this.#registry.recordOf(host.id) !== null) return;
    this.#registry.describe(host.described ?? undescribed(host.id, agentVersion), 'agent');
  }

  #tellLate(host: HostIntake, taken: Taken): void {
    const { samples, readings } = taken.late;
    if (samples.length + readings.length > 0) this.#registry.backfill(host.id, samples, Date.now(), readings);
    taken.late = nothingLate();
  }

  /** Two batches with the same records may be under way: each record is written for one of them, and both wait for the disk. */
  async #keep(host: HostIntake, { unkept, known }: Taken, isLate: boolean): Promise<void> {
    const isOurs = unkept.map(({ record }) => host.ledger.entryOf(record.run).kept.add(record.seq));
    const written = unkept.filter((_, at) => isOurs[at]);
    const others = [...known, ...unkept.filter((_, at) => !isOurs[at]).map(({ record }) => record)];
    this.#counts.duplicates += others.length;
    try {
      const lines = written.map(({ line }) => line);
      if (lines.length > 0) await this.#journal.keep(host.id, lines, isLate);
    } catch (error) {
      for (const { record } of written) host.ledger.entryOf(record.run).kept.remove(record.seq);
      throw this.#unwritten(error as Error);
    }
    for (const { record } of written) host.ledger.entryOf(record.run).durable.add(record.seq);
    for (const run of new Set(written.map(({ record }) => record.run))) host.ledger.tidy(run);
    await this.#settle(host, others);
  }

  /** The batch that has them to write may still be at it, or have failed. */
  async #settle(host: HostIntake, records: Taken['known']): Promise<void> {
    const isDurable = () => records.every(({ run, seq }) => host.ledger.find(run)?.durable.has(seq) ?? true);
    if (isDurable()) return;
    await this.#journal.settle().catch((error: unknown) => {
      throw this.#unwritten(error as Error);
    });
    if (!isDurable())
      throw this.#unwritten(new Error('another batch with the same records was not written.'));
  }

  #unwritten(cause: Error): ProblemError {
    return new ProblemError(503, uplinkProblems.diskFull, `The hub cannot keep this: ${cause.message}`, {
      remedy: 'Make room on the disk of the hub. The agent keeps it until then.',
      isRetryable: true,
      headers: { 'Retry-After': '5' },
      cause,
    });
  }

  #refuseClone(host: HostIntake, run: string, now: number): void {
    if (host.clones.hear(run, now)) return;
    this.#registry.setUplink(host.id, host.uplink(this.#troubleOf(host)));
    throw new ProblemError(
      409,
      uplinkProblems.cloned,
      `Another agent with this token is running, as ${host.id}: this one is a copy of it.`,
      { remedy: 'Remove the agent folder of the copy, and pair it with a code of its own.' },
    );
  }

  #refuseWhatHasNoPlace(host: HostIntake, { run, kind, waiting }: BatchHead): void {
    if (this.#registry.recordOf(host.id) === null && this.#registry.size >= MAX_HOSTS) {
      throw new ProblemError(
        503,
        uplinkProblems.hubFull,
        `This hub has ${MAX_HOSTS} hosts and takes no more.`,
        {
          remedy: 'Remove hosts that are gone, or use a second hub.',
          isRetryable: true,
          headers: { 'Retry-After': '60' },
        },
      );
    }
    if (kind === 'backfill' || waiting.records === 0 || !host.ledger.isScattered(run)) return;
    throw new ProblemError(503, 'too-scattered', 'Too many earlier batches are missing.', {
      remedy: 'Send what the spool holds first.',
      isRetryable: true,
      headers: { 'Retry-After': '2' },
    });
  }

  #liftHolds(id: string): void {
    this.#registry.lift(id, 'asleep');
    this.#registry.lift(id, 'incompatible');
  }

  #takeLeave(host: HostIntake, leaving: 'stopped' | 'asleep'): void {
    if (leaving === 'asleep') {
      host.silentReason = 'asleep';
      this.#registry.hold(host.id, 'asleep');
    } else this.#registry.silence(host.id);
  }

  #troubleOf(host: HostIntake): string | null {
    if (host.clones.isCloned(performance.now())) {
      return 'A second agent with the token of this host was refused: pair the copy of the machine anew.';
    }
    return this.#diskTrouble && `${this.#diskTrouble.message} ${this.#diskTrouble.remedy ?? ''}`.trim();
  }

  #hearDisk(trouble: WatchlineError | null): void {
    const isNews = trouble !== null && this.#diskTrouble === null;
    this.#diskTrouble = trouble;
    if (isNews) this.#options.report(trouble);
    for (const host of this.#hosts.values()) {
      if (host.lastSeen !== null) this.#registry.setUplink(host.id, host.uplink(this.#troubleOf(host)));
    }
  }

  async #age(): Promise<void> {
    try {
      await this.#journal.age();
    } catch (error) {
      this.#options.report(error as Error);
    }
  }

  #head(): JournalHead {
    return Object.fromEntries([...this.#hosts].map(([id, host]) => [id, host.toJSON()]));
  }

  #hostOf(id: string): HostIntake {
    let host = this.#hosts.get(id);
    if (!host) {
      host = this.#newHost(id, null);
      this.#hosts.set(id, host);
    }
    return host;
  }

  #newHost(id: string, kept: KeptHost | null): HostIntake {
    return new HostIntake(id, { registry: this.#registry, clock: this.#clock }, kept);
  }
}
