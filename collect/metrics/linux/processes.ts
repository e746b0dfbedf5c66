/**
 * The process table from /proc/PID. Everything that is not a number is read only for the few processes
 * that are shown; a process that has not run since the reading before costs one small read.
 */
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessRow } from '../../../shared/schema/processes.ts';
import type { ProcessTable } from '../machine-source.ts';
import { bytesPerSecond, percentOf } from '../rates.ts';
import { twoDecimals } from '../rounding.ts';
import type { Instant } from '../sample-rates.ts';
import { topRows, type Ranking } from '../top-rows.ts';
import type { ByteScanner } from './byte-scanner.ts';
import { ProcessDetails } from './process-details.ts';
import { emptyProcessStat, parseProcessIo, parseProcessStat, type ProcessStat } from './process-stat.ts';
import type { SystemConstants } from './system-constants.ts';
import { UserNames } from './user-names.ts';

/** A stat line is a name of at most 64 bytes and 52 numbers; an io file is shorter. */
const MAX_READ_BYTES = 2048;
const RUNNING = 'R'.charCodeAt(0);

interface KnownProcess {
  pid: number;
  /** Its folder. */
  path: string;
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

export class Processes {
  readonly #procPath: string;
  readonly #constants: SystemConstants;
  readonly #scanner: ByteScanner;
  readonly #users: UserNames;
  readonly #bootMs: number;
  readonly #known = new Map<number, KnownProcess>();
  #spare = emptyProcessStat();
  #before: Instant | null = null;
  #readings = 0;

  constructor(root: string, constants: SystemConstants, scanner: ByteScanner) {
    this.#procPath = join(root, 'proc');
    this.#constants = constants;
    this.#scanner = scanner;
    this.#users = new UserNames(join(root, 'etc/passwd'));
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
    const earlier = this.#known.get(pid);
    const path = earlier?.path ?? `${this.#procPath}/${pid}`;
    const stat = this.#spare;
    if (!this.#fill(`${path}/stat`) || !parseProcessStat(this.#scanner, stat)) return null;
    if (earlier?.stat.startTicks !== stat.startTicks) return this.#meet(pid, path, now, before);
    this.#spare = earlier.stat;
    const ticks = stat.cpuTicks - earlier.stat.cpuTicks;
    earlier.stat = stat;
    earlier.seenIn = this.#readings;
    this.#updateRates(earlier, ticks, now, before);
    return earlier;
  }

  /** One born since the reading before is counted from its birth; one found later starts at zero. */
  #meet(pid: number, path: string, now: Instant, before: Instant | null): KnownProcess {
    const stat = this.#spare;
    this.#spare = emptyProcessStat();
    const isNewborn = before !== null && this.#sinceBootMs(stat.startTicks) >= before.uptimeMs;
    const known: KnownProcess = {
      pid,
      path,
      stat,
      cpuPercent: 0,
      io: isNewborn ? ioAccount(0, 0, before.monotonicMs) : this.#openIo(path, now),
      details: new ProcessDetails(path),
      seenIn: this.#readings,
    };
    this.#known.set(pid, known);
    if (isNewborn) this.#updateRates(known, stat.cpuTicks, now, before);
    return known;
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
    const io = this.#fill(`${known.path}/io`) ? parseProcessIo(this.#scanner) : null;
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

  #openIo(path: string, now: Instant): IoAccount | null {
    const io = this.#fill(`${path}/io`) ? parseProcessIo(this.#scanner) : null;
    return io && ioAccount(io.readBytes, io.writeBytes, now.monotonicMs);
  }

  #forgetExited(alive: number): void {
    if (this.#known.size === alive) return;
    for (const [pid, known] of this.#known) if (known.seenIn !== this.#readings) this.#known.delete(pid);
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

  /** False where the file is gone or forbidden. */
  #fill(path: string): boolean {
    let descriptor: number;
    try {
      descriptor = openSync(path, 'r');
    } catch {
      return false;
    }
    try {
      this.#scanner.fillOnce(descriptor, MAX_READ_BYTES);
      return true;
    } catch {
      return false;
    } finally {
      closeSync(descriptor);
    }
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
