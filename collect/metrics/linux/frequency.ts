/** Mean clock of the cores, from cpufreq or else /proc/cpuinfo; both make the kernel ask every core. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteScanner } from './byte-scanner.ts';
import { KernelFile } from './kernel-file.ts';

/** The answer is kept this long. */
const KEEP_MS = 5_000;
const megahertz = Buffer.from('\ncpu MHz');
const colon = Buffer.from(':');

export class Frequency implements Disposable {
  readonly #perCore: KernelFile[];
  readonly #cpuinfo: KernelFile;
  #hasCpuinfo = true;
  #readMs = -Infinity;
  #megahertz: number | null = null;

  constructor(procPath: string, sysPath: string, scanner: ByteScanner) {
    this.#perCore = cpufreqPaths(join(sysPath, 'devices/system/cpu')).map(
      (path) => new KernelFile(path, scanner),
    );
    this.#cpuinfo = new KernelFile(join(procPath, 'cpuinfo'), scanner);
  }

  read(monotonicMs: number): number | null {
    if (monotonicMs - this.#readMs < KEEP_MS) return this.#megahertz;
    this.#readMs = monotonicMs;
    this.#megahertz = this.#perCore.length > 0 ? this.#meanOfCores() : this.#meanOfCpuinfo();
    return this.#megahertz;
  }

  [Symbol.dispose](): void {
    for (const file of this.#perCore) file[Symbol.dispose]();
    this.#cpuinfo[Symbol.dispose]();
  }

  #meanOfCores(): number | null {
    const kilohertz: number[] = [];
    for (const file of this.#perCore) {
      const value = file.read()?.number();
      if (value) kilohertz.push(value);
    }
    const mean = meanOf(kilohertz);
    return mean === null ? null : mean / 1000;
  }

  #meanOfCpuinfo(): number | null {
    const file = this.#hasCpuinfo ? this.#cpuinfo.read() : null;
    if (!file) return null;
    const values: number[] = [];
    while (file.seek(megahertz) && file.seek(colon)) values.push(file.decimal());
    // ARM kernels never say: not asked again.
    this.#hasCpuinfo = values.length > 0;
    return meanOf(values);
  }
}

function cpufreqPaths(cpuPath: string): string[] {
  try {
    return readdirSync(cpuPath)
      .filter((name) => /^cpu\d+$/.test(name))
      .map((name) => join(cpuPath, name, 'cpufreq/scaling_cur_freq'))
      .filter((path) => existsSync(path));
  } catch {
    return [];
  }
}

function meanOf(values: number[]): number | null {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}
