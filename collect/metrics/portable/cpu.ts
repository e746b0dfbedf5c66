/** CPU times from Node's `os.cpus()`, in milliseconds; no process is spawned for them. */
import { cpus } from 'node:os';
import { cpuModes, type CpuReading, type CpuTimes } from '../reading.ts';

/** libuv takes Windows' kernel time for `sys`, in which the time of interrupts is counted already. */
const irqIsInSystem = process.platform === 'win32';

export function readCpu(): CpuReading | null {
  const cores = cpus().map(({ times }) => {
    const system = irqIsInSystem ? Math.max(0, times.sys - times.irq) : times.sys;
    return Float64Array.of(times.user, times.nice, system, times.idle, 0, times.irq, 0, 0);
  });
  if (cores.length === 0) return null;
  const machine: CpuTimes = new Float64Array(cpuModes.length);
  for (const core of cores) for (let mode = 0; mode < core.length; mode++) machine[mode]! += core[mode]!;
  return { machine, cores };
}

/** Null where no core says, as on Apple silicon. */
export function readFrequency(): number | null {
  const speeds = cpus()
    .map(({ speed }) => speed)
    .filter((speed) => speed > 0);
  return speeds.length > 0 ? speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length : null;
}
