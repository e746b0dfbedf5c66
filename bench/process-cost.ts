/** What a running process has cost so far, from /proc: exact CPU time of all its threads, and memory. */
import { readdirSync, readFileSync } from 'node:fs';

/** CPU nanoseconds of every thread alive (schedstat, first field: time on the CPU). */
export function cpuNanoseconds(pid: number): number {
  let total = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      total += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // A thread that has just ended: its time is no longer told apart, and it is short.
    }
  }
  return total;
}

export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** Busy time of the whole machine in nanoseconds, all modes but idle and iowait (/proc/stat counts 10 ms ticks). */
export function machineBusyNanoseconds(): number {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]!.split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields;
  return (user + nice + system + irq + softirq + steal) * 10_000_000;
}

/** Processes of the machine. */
export function countProcesses(): number {
  return readdirSync('/proc').filter((entry) => Number(entry) > 0).length;
}
