/**
 * The chronicle: when hosts were silent, asleep, paused or started anew, when the hub itself did not run, and what was lost where. History
 * tells by it why there is nothing, also after a restart.
 */
import type { StreamEvent, StreamEventOf } from '../../../shared/events.ts';
import { WatchlineError } from '../../../shared/errors.ts';
import type { Host, HostStatus } from '../../../shared/schema/host.ts';
import type { ChronicleEntry, KeptStatus } from '../../../shared/schema/kept-chronicle.ts';
import { ChronicleFile } from './chronicle-file.ts';

export interface ChronicleOptions {
  dataDir: string;
  /** Told once when entries cannot be written, and not again before they can. */
  report: (trouble: Error) => void;
  /** What keeps samples from being kept; null: nothing does. Asked with every sign of life. */
  storeTrouble: () => string | null;
  /** Who is away when the hub starts mostly comes back at once: hosts are told as offline after this time, in milliseconds. Default 30,000. */
  settleMs?: number;
  /**
   * Time between two signs of life, in milliseconds: how exactly the end of a hub is known that was killed and wrote no samples. Default
   * 15,000.
   */
  aliveEveryMs?: number;
  /** When the start before this one last wrote a sample, in epoch milliseconds: it lived until then. Null, and default: nobody knows. */
  wroteAt?: number | null;
}

/** Entries of one host in an hour: one that comes and goes all the time does not push those of others out. */
const MAX_HOURLY = 60;
/** Entries that could not be written yet; past it the oldest go. */
const MAX_WAITING = 2_000;
/** The same start of a machine is told a little differently by each look at its clocks. */
const SAME_BOOT_MS = 60_000;
/** Entries stay in memory for this long after somebody asked for them. */
const HELD_MS = 60_000;

interface Known {
  status: KeptStatus | null;
  bootTime: number | null;
  hour: number;
  entriesThisHour: number;
}

export class Chronicle implements AsyncDisposable {
  readonly #options: ChronicleOptions;
  readonly #file: ChronicleFile;
  readonly #known = new Map<string, Known>();
  /** Hosts that were offline when the hub started, until it has settled. */
  #unsettled: Map<string, ChronicleEntry> | null = new Map();
  #waiting: ChronicleEntry[] = [];
  #writing: Promise<void> | null = null;
  #held: Promise<ChronicleEntry[]> | null = null;
  #heldTimer: NodeJS.Timeout | null = null;
  readonly #timers: NodeJS.Timeout[] = [];
  #notStoredSince: number | null = null;
  #isUnkept = false;
  #hasBegun = false;

  constructor(options: ChronicleOptions) {
    this.#options = options;
    this.#file = new ChronicleFile(options.dataDir);
  }

  /** The hub has started; until then nothing is written, for it may yet fail to. */
  begin(): void {
    const { settleMs = 30_000, aliveEveryMs = 15_000 } = this.#options;
    this.#hasBegun = true;
    this.#waiting.unshift({ what: 'hub-started', time: Date.now(), lastAlive: this.#lastAlive() });
    void this.#write();
    this.#timers.push(
      setTimeout(() => this.#settle(), settleMs).unref(),
      setInterval(() => this.#signLife(), aliveEveryMs).unref(),
    );
  }

  /** Hosts that are away are told at once. */
  get isSettled(): boolean {
    return this.#unsettled === null;
  }

  /** Samples were not kept when it last looked. */
  get isNotStored(): boolean {
    return this.#notStoredSince !== null;
  }

  /** Of all that is published, what it tells about hosts. */
  take(event: StreamEvent): void {
    if (event.name === 'host') this.#takeHost(event.data);
    else if (event.name === 'gap') this.#takeGap(event);
    else if (event.name === 'gone') this.#takeGone(event.data.host);
  }

  /** All that is known, in the order it was told. */
  async read(): Promise<readonly ChronicleEntry[]> {
    this.#held ??= this.#readFile();
    if (this.#heldTimer !== null) clearTimeout(this.#heldTimer);
    this.#heldTimer = setTimeout(() => (this.#held = null), HELD_MS).unref();
    return this.#held;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    if (this.#heldTimer !== null) clearTimeout(this.#heldTimer);
    if (!this.#hasBegun) return;
    this.#lookAtStore();
    await this.#write();
    await this.#file.signLife(new Date()).catch(() => undefined);
  }

  /** Of the start before; null: there was none. A clock that went back meanwhile does not make it end after this one began. */
  #lastAlive(): number | null {
    const { lastAlive } = this.#file;
    if (lastAlive === null) return null;
    return Math.min(Date.now(), Math.max(lastAlive, this.#options.wroteAt ?? lastAlive));
  }

  #takeHost(host: Host): void {
    const known = this.#knownOf(host.id);
    const { bootTime } = host.inventory;
    if (known.bootTime === null || Math.abs(known.bootTime - bootTime) > SAME_BOOT_MS)
      this.#addOf(known, { what: 'boot', host: host.id, time: bootTime });
    known.bootTime = bootTime;
    const status = keptStatusOf(host.status);
    if (status === null || status === known.status) return;
    known.status = status;
    const { id, statusSince: time, lastSeen } = host;
    const entry: ChronicleEntry = { what: 'status', host: id, time, status, lastSeen };
    this.#unsettled?.delete(id);
    if (status === 'offline' && this.#unsettled !== null) this.#unsettled.set(id, entry);
    else this.#addOf(known, entry);
  }

  #takeGone(host: string): void {
    this.#known.delete(host);
    this.#unsettled?.delete(host);
    this.#add({ what: 'removed', host, time: Date.now() });
  }

  #takeGap({ data: { host, channel, reason, from, to } }: StreamEventOf<'gap'>): void {
    // What one slow reader did not get, the hub has.
    if (host === null || channel !== 'metrics' || reason === 'slow-reader' || to <= from) return;
    this.#addOf(this.#knownOf(host), { what: 'gap', host, from, to, reason });
  }

  #knownOf(host: string): Known {
    let known = this.#known.get(host);
    if (known === undefined) {
      known = { status: null, bootTime: null, hour: 0, entriesThisHour: 0 };
      this.#known.set(host, known);
    }
    return known;
  }

  #settle(): void {
    for (const [host, entry] of this.#unsettled ?? []) this.#addOf(this.#knownOf(host), entry);
    this.#unsettled = null;
  }

  #addOf(known: Known, entry: ChronicleEntry): void {
    const hour = Math.floor(Date.now() / 3_600_000);
    known.entriesThisHour = known.hour === hour ? known.entriesThisHour + 1 : 1;
    known.hour = hour;
    if (known.entriesThisHour <= MAX_HOURLY) this.#add(entry);
  }

  #add(entry: ChronicleEntry): void {
    this.#waiting.push(entry);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    // Who reads after this finds it, whether or not it is on the disk by then.
    void this.#held?.then((entries) => entries.push(entry));
    if (this.#hasBegun) void this.#write();
  }

  #signLife(): void {
    this.#lookAtStore();
    if (this.#waiting.length > 0) void this.#write();
    else void this.#file.signLife(new Date()).catch(() => undefined);
  }

  #lookAtStore(): void {
    const now = Date.now();
    if (this.#options.storeTrouble() !== null) this.#notStoredSince ??= now;
    else if (this.#notStoredSince !== null) {
      this.#add({ what: 'not-stored', from: this.#notStoredSince, to: now });
      this.#notStoredSince = null;
    }
  }

  /** What comes while it writes is written next. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeWaiting().finally(() => (this.#writing = null));
    return this.#writing;
  }

  async #writeWaiting(): Promise<void> {
    // Events of one turn of the event loop are one write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const entries = this.#waiting;
      this.#waiting = [];
      try {
        await this.#file.append(entries);
        this.#isUnkept = false;
      } catch (error) {
        this.#waiting = [...entries, ...this.#waiting].slice(-MAX_WAITING);
        if (!this.#isUnkept) this.#options.report(unkept(error as Error));
        this.#isUnkept = true;
        return;
      }
    }
  }

  async #readFile(): Promise<ChronicleEntry[]> {
    await this.#write();
    // What could not be written is known all the same. Of what comes meanwhile `#add` tells.
    const unwritten = [...this.#waiting];
    return [...(await this.#file.read()), ...unwritten];
  }
}

function keptStatusOf(status: HostStatus): KeptStatus | null {
  if (status === 'pairing') return null;
  return status === 'stale' || status === 'backfilling' ? 'live' : status;
}

function unkept(cause: Error): WatchlineError {
  return new WatchlineError('chronicle-unkept', `The times of hosts cannot be saved: ${cause.message}.`, {
    remedy: 'Make room on the disk of the hub; they are saved with the next ones.',
    cause,
  });
}
