/** Pressure stall totals from /proc/pressure (kernel doc: accounting/psi). */
import type { PressureReading, PressureTotals } from '../reading.ts';
import type { KernelFile } from './kernel-file.ts';

const some = Buffer.from('some ');
const full = Buffer.from('\nfull ');
const total = Buffer.from('total=');

export interface PressureFiles {
  cpu: KernelFile;
  memory: KernelFile;
  io: KernelFile;
}

/** Null on kernels without PSI, or with it switched off. */
export function readPressure(files: PressureFiles): PressureReading | null {
  const reading = { cpu: readTotals(files.cpu), memory: readTotals(files.memory), io: readTotals(files.io) };
  return reading.cpu || reading.memory || reading.io ? reading : null;
}

function readTotals(pressure: KernelFile): PressureTotals | null {
  const file = pressure.read();
  if (!file?.take(some) || !file.seek(total)) return null;
  const waited = file.number();
  // CPU has no "full" line before 5.13.
  return { some: waited, full: file.seek(full) && file.seek(total) ? file.number() : null };
}
