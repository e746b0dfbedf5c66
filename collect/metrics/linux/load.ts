/** Load averages from /proc/loadavg. */
import type { LoadReading } from '../reading.ts';
import type { KernelFile } from './kernel-file.ts';

export function readLoad(loadavg: KernelFile): LoadReading | null {
  const file = loadavg.read();
  if (!file) return null;
  return { one: file.decimal(), five: file.decimal(), fifteen: file.decimal() };
}
