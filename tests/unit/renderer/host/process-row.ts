/** A process row for tests: what is not named is idle. */
import type { ProcessRow } from '../../../../shared/schema/processes.ts';

export function processRow(part: Partial<ProcessRow>): ProcessRow {
  return {
    pid: 1,
    parentPid: 0,
    name: 'idle',
    command: 'idle',
    user: 'root',
    state: 'S',
    cpuPercent: 0,
    residentBytes: 0,
    readBytesPerSecond: 0,
    writeBytesPerSecond: 0,
    threads: 1,
    startTime: 1,
    ...part,
  };
}
