/** CPU times of the machine and of each core from /proc/stat (kernel doc: filesystems/proc, 1.7). */
import { cpuModes, type CpuReading, type CpuTimes } from '../reading.ts';
import type { ByteScanner } from './byte-scanner.ts';

const cpu = Buffer.from('cpu');
const kernelOrder = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
const places = kernelOrder.map((mode) => cpuModes.indexOf(mode));

/** `stat` stands at the start of /proc/stat. Null where that has no `cpu` line. */
export function readCpu(stat: ByteScanner): CpuReading | null {
  if (!stat.take(cpu)) return null;
  const machine = readTimes(stat);
  const cores: (CpuTimes | null)[] = [];
  while (stat.nextLine() && stat.take(cpu)) {
    const core = stat.number();
    // Offline cores have no line: their places stay, so that a core keeps its number.
    while (cores.length < core) cores.push(null);
    cores[core] = readTimes(stat);
  }
  return { machine, cores };
}

/** Kernels before 2.6.11 have no steal column; guest columns, part of user and nice, are left alone. */
function readTimes(stat: ByteScanner): CpuTimes {
  const times = new Float64Array(cpuModes.length);
  for (const place of places) times[place] = stat.number() || 0;
  return times;
}
