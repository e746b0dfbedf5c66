/**
 * The process table from /proc/PID. Everything that is not a number is read only for the few processes
 * that are shown; a process that has not run since the reading before costs one small read.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessRow } from '../../../shared/schema/processes.ts';
import type { ProcessTable } from '../machine-source.ts';
import { bytesPerSecond, percentOf } from '../rates.ts';
import { twoDecimals } from '../rounding.ts';
import type { Instant } from '../sample-rates.ts';
import { topRows, type Ranking } from '../top-rows.ts';
import type { ByteScanner } from './byte-scanner.ts';
import { ProcessDetails } from './process-details.ts';
import { OpenFileBudget } from './open-file-budget.ts';
import { countsActivity, ProcessActivity } from './process-activity.ts';
import { ProcessFile } from './process-file.ts';
import { emptyProcessStat, parseProcessIo, parseProcessStat, type ProcessStat } from './process-stat.ts';
import type { SystemConstants } from './system-constants.ts';
import { UserNames } from './user-names.ts';

/** Files of /proc/PID kept open, one per process; further processes are opened anew each time. */
const MAX_OPEN_FILES = 1000;
/** A resting process is still read in full at every so many readings: the kernel may page its memory out. */
const READINGS_BETWEEN_FULL = 15;
const RUNNING = 'R'.charCodeAt(0);

interface KnownProcess {
  pid: number;
  /** Kept open for a process of several threads. */
  statFile: ProcessFile;
  ioFile: ProcessFile;
  /** Null for a process of several threads. */
  activity: ProcessActivity | null;
  /** Newest reading; `startTicks` tells it from a later process of the same pid. */
  stat: ProcessStat;
  cpuPercent: number;
  /** Null once reading it was forbidden. */
  io: IoAccount | null;
  details: ProcessDetails;
  /** Number of the reading it was last seen in. */
  seenIn: number;
}

interface IoAccount {
  readBytes: number;
  writeBytes: number;
  readMs: number;
  readBytesPerSecond: number;
  writeBytesPerSecond: number;
}

const ranking: Ranking<KnownProcess> = {
  cpu: (known) => known.cpuPercent,
  memory: (known) => known.stat.residentPages,
  io: (known) => (known.io ? known.io.readBytesPerSecond + known.io.writeBytesPerSecond : 0),
};

export class Processes implements Disposable {
  readonly #procPath: string;
  readonly #constants: SystemConstants;
  readonly #scanner: ByteScanner;
  readonly #users: UserNames;
  readonly #bootMs: number;
  readonly #budget = new OpenFileBudget(MAX_OPEN_FILES);
  readonly #countsActivity: boolean;
  readonly #known = new Map<number, KnownProcess>();
  #spare = emptyProcessStat();
  #before: Instant | null = null;
  #readings = 0;

  constructor(root: string, constants: SystemConstants, scanner: ByteScanner) {
    this.#procPath = join(root, 'proc');
    this.#constants = constants;
    this.#scanner = scanner;
    this.#users = new UserNames(join(root, 'etc/passwd'));
    this.#countsActivity = countsActivity(this.#procPath, scanner);
    // Once: the kernel moves its boot time with the wall clock, and a start time must never change.
    this.#bootMs = readBootMs(join(this.#procPath, 'stat'));
  }

  /** Null for the first reading, which has nothing to compare with. */
  read(now: Instant): ProcessTable | null {
    const before = this.#before;
    this.#before = now;
    this.#readings++;
    let total = 0;
    let running = 0;
    for (const pid of this.#pids()) {
      const known = this.#readOne(pid, now, before);
      if (!known) continue;
      total++;
      if (known.stat.state === RUNNING) running++;
    }
    this.#forgetExited(total);
    const elapsedMs = before ? now.monotonicMs - before.monotonicMs : 0;
    if (elapsedMs <= 0) return null;
    const rows = topRows([...this.#known.values()], ranking).map((known) => this.#row(known, now));
    return { intervalMs: twoDecimals(elapsedMs), total, running, rows };
  }

  [Symbol.dispose](): void {
    for (const known of this.#known.values()) this.#forget(known);
  }

  #pids(): number[] {
    const pids: number[] = [];
    let entries: string[];
    try {
      entries = readdirSync(this.#procPath);
    } catch {
      return pids;
    }
    for (const entry of entries) {
      const pid = Number(entry);
      if (pid > 0) pids.push(pid);
    }
    return pids;
  }

  /** Null where it has ended meanwhile. */
  #readOne(pid: number, now: Instant, before: Instant | null): KnownProcess | null {
    const known = this.#known.get(pid);
    if (!known) return this.#meet(pid, now, before);
    if (this.#hasRested(known)) {
      this.#updateRates(known, 0, now, before);
      known.seenIn = this.#readings;
      return known;
    }
    const stat = this.#readStat(known.statFile);
    if (stat?.startTicks !== known.stat.startTicks) {
      this.#forget(known);
      return this.#meet(pid, now, before);
    }
    const ticks = stat.cpuTicks - known.stat.cpuTicks;
    this.#spare = known.stat;
    known.stat = stat;
    this.#watch(known);
    this.#updateRates(known, ticks, now, before);
    known.seenIn = this.#readings;
    return known;
  }

  #hasRested({ pid, activity }: KnownProcess): boolean {
    // Spread over the readings by pid.
    const isFullDue = (this.#readings + pid) % READINGS_BETWEEN_FULL === 0;
    return !isFullDue && activity !== null && activity.hasRested(this.#scanner);
  }

  /** One born since the reading before is counted from its birth; one found later starts at zero. */
  #meet(pid: number, now: Instant, before: Instant | null): KnownProcess | null {
    const path = `${this.#procPath}/${pid}`;
    const statFile = new ProcessFile(`${path}/stat`, null);
    const stat = this.#readStat(statFile);
    if (!stat) return null;
    this.#spare = emptyProcessStat();
    const ioFile = new ProcessFile(`${path}/io`, null);
    const isNewborn = before !== null && this.#sinceBootMs(stat.startTicks) >= before.uptimeMs;
    const known: KnownProcess = {
      pid,
      stat,
      statFile,
      ioFile,
      activity: null,
      cpuPercent: 0,
      io: isNewborn ? ioAccount(0, 0, before.monotonicMs) : this.#openIo(ioFile, now),
      details: new ProcessDetails(path),
      seenIn: this.#readings,
    };
    this.#known.set(pid, known);
    this.#watch(known);
    if (isNewborn) this.#updateRates(known, stat.cpuTicks, now, before);
    return known;
  }

  /** Keeps the file open that is read each time: which one depends on whether the process has threads. */
  #watch(known: KnownProcess): void {
    const isSingle = this.#countsActivity && known.stat.threads === 1;
    if (isSingle === (known.activity !== null)) return;
    const path = `${this.#procPath}/${known.pid}`;
    known.activity?.[Symbol.dispose]();
    known.statFile[Symbol.dispose]();
    known.activity = isSingle ? new ProcessActivity(path, this.#budget) : null;
    known.statFile = new ProcessFile(`${path}/stat`, isSingle ? null : this.#budget);
  }

  #updateRates(known: KnownProcess, ticks: number, now: Instant, before: Instant | null): void {
    const elapsedMs = before ? now.monotonicMs - before.monotonicMs : 0;
    if (elapsedMs <= 0) return;
    known.cpuPercent = percentOf(this.#sinceBootMs(Math.max(0, ticks)), elapsedMs);
    if (!known.io) return;
    known.io.readBytesPerSecond = 0;
    known.io.writeBytesPerSecond = 0;
    // Who has not run has asked for nothing; what it does in less than a tick counts once the tick is full.
    if (ticks > 0) this.#updateIo(known, known.io, now);
  }

  #updateIo(known: KnownProcess, account: IoAccount, now: Instant): void {
    const io = this.#readIo(known.ioFile);
    if (!io) {
      known.io = null;
      return;
    }
    const elapsedMs = now.monotonicMs - account.readMs;
    if (elapsedMs > 0) {
      account.readBytesPerSecond = bytesPerSecond(Math.max(0, io.readBytes - account.readBytes), elapsedMs);
      account.writeBytesPerSecond = bytesPerSecond(
        Math.max(0, io.writeBytes - account.writeBytes),
        elapsedMs,
      );
    }
    account.readBytes = io.readBytes;
    account.writeBytes = io.writeBytes;
    account.readMs = now.monotonicMs;
  }

  #openIo(ioFile: ProcessFile, now: Instant): IoAccount | null {
    const io = this.#readIo(ioFile);
    return io && ioAccount(io.readBytes, io.writeBytes, now.monotonicMs);
  }

  /** Into the spare one, which the caller keeps or leaves. */
  #readStat(file: ProcessFile): ProcessStat | null {
    return file.read(this.#scanner) && parseProcessStat(this.#scanner, this.#spare) ? this.#spare : null;
  }

  #readIo(file: ProcessFile): { readBytes: number; writeBytes: number } | null {
    return file.read(this.#scanner) ? parseProcessIo(this.#scanner) : null;
  }

  #forgetExited(alive: number): void {
    if (this.#known.size === alive) return;
    for (const known of this.#known.values()) if (known.seenIn !== this.#readings) this.#forget(known);
  }

  #forget(known: KnownProcess): void {
    known.activity?.[Symbol.dispose]();
    known.statFile[Symbol.dispose]();
    this.#known.delete(known.pid);
  }

  #row(known: KnownProcess, now: Instant): ProcessRow {
    const { stat, details } = known;
    details.refresh(stat.name, this.#users, now.monotonicMs);
    return {
      pid: known.pid,
      parentPid: stat.parentPid,
      name: details.name,
      command: details.command,
      user: details.user,
      state: String.fromCharCode(stat.state),
      cpuPercent: known.cpuPercent,
      residentBytes: stat.residentPages * this.#constants.pageBytes,
      readBytesPerSecond: known.io ? known.io.readBytesPerSecond : null,
      writeBytesPerSecond: known.io ? known.io.writeBytesPerSecond : null,
      threads: stat.threads,
      startTime: Math.round(this.#bootMs + this.#sinceBootMs(stat.startTicks)),
    };
  }

  #sinceBootMs(ticks: number): number {
    return (ticks * 1000) / this.#constants.ticksPerSecond;
  }
}

function ioAccount(readBytes: number, writeBytes: number, readMs: number): IoAccount {
  return { readBytes, writeBytes, readMs, readBytesPerSecond: 0, writeBytesPerSecond: 0 };
}

function readBootMs(statPath: string): number {
  try {
    return 1000 * Number(/^btime (\d+)$/m.exec(readFileSync(statPath, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
