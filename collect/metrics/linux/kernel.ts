/** Context switches, forks and queue lengths from /proc/stat. */
import type { KernelReading } from '../reading.ts';
import type { ByteScanner } from './byte-scanner.ts';

const contextSwitches = Buffer.from('\nctxt ');
const forks = Buffer.from('\nprocesses ');
const running = Buffer.from('\nprocs_running ');
const blocked = Buffer.from('\nprocs_blocked ');

/** `stat` holds /proc/stat, whose lines come in this order. Null where they are missing. */
export function readKernel(stat: ByteScanner): KernelReading | null {
  if (!stat.seek(contextSwitches)) return null;
  const reading = { contextSwitches: stat.number(), forks: 0, processesRunning: 0, processesBlocked: 0 };
  if (stat.seek(forks)) reading.forks = stat.number();
  if (stat.seek(running)) reading.processesRunning = stat.number();
  if (stat.seek(blocked)) reading.processesBlocked = stat.number();
  return reading;
}
