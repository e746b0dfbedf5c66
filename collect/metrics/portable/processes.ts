/** The process table from systeminformation, which makes the rates itself. */
import { availableParallelism } from 'node:os';
import type { Systeminformation } from 'systeminformation';
import type { ProcessRow } from '../../../shared/schema/processes.ts';
import type { ProcessTable } from '../machine-source.ts';
import { twoDecimals } from '../rounding.ts';
import type { Instant } from '../sample-rates.ts';
import { topRows } from '../top-rows.ts';
import type { SystemInformation } from './portable-machine.ts';

type Listed = Systeminformation.ProcessesProcessData;

/** On Linux and Windows the library gives shares of the machine, elsewhere `ps`'s shares of one core. */
const coresInHundred = ['linux', 'win32'].includes(process.platform) ? availableParallelism() : 1;

export class ProcessTableReader {
  #before: Instant | null = null;

  async read(library: SystemInformation, now: Instant): Promise<ProcessTable | null> {
    const { list, all, running } = await library.processes();
    const before = this.#before;
    this.#before = now;
    if (!before) return null;
    const rows = topRows(list, { cpu: (row) => row.cpu, memory: (row) => row.memRss, io: () => 0 }).map(
      rowOf,
    );
    return { intervalMs: twoDecimals(now.monotonicMs - before.monotonicMs), total: all, running, rows };
  }
}

function rowOf(listed: Listed): ProcessRow {
  const command = [listed.path || '', listed.command].filter(Boolean).join('/');
  return {
    pid: listed.pid,
    parentPid: listed.parentPid || 0,
    name: listed.name.slice(0, 256),
    command: `${command} ${listed.params}`.trim().slice(0, 1024),
    user: listed.user.slice(0, 256),
    state: (listed.state[0] ?? '?').toUpperCase(),
    cpuPercent: twoDecimals(listed.cpu * coresInHundred),
    residentBytes: listed.memRss * 1024,
    readBytesPerSecond: null,
    writeBytesPerSecond: null,
    // Not told.
    threads: 0,
    startTime: startTimeOf(listed.started),
  };
}

/** "YYYY-MM-DD HH:MM:SS" in local time; 0 where unknown. */
function startTimeOf(started: string): number {
  return Date.parse(started.replace(' ', 'T')) || 0;
}
