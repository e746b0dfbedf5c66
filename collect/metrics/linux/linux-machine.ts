/** A Linux machine, read from /proc and /sys; nothing is ever spawned. */
import { join } from 'node:path';
import type { Inventory } from '../../../shared/schema/host.ts';
import type { Filesystems, Sensors } from '../../../shared/schema/slow-tiers.ts';
import type { MachineSource, ProcessTable } from '../machine-source.ts';
import type { CounterBits } from '../rates.ts';
import type { CpuReading, KernelReading, Reading } from '../reading.ts';
import type { Instant } from '../sample-rates.ts';
import { ByteScanner } from './byte-scanner.ts';
import { readCpu } from './cpu.ts';
import { Disks } from './disks.ts';
import { FilesystemReader } from './filesystems.ts';
import { Frequency } from './frequency.ts';
import { Interfaces } from './interfaces.ts';
import { readInventory } from './inventory.ts';
import { KernelFile } from './kernel-file.ts';
import { readKernel } from './kernel.ts';
import { readLoad } from './load.ts';
import { readMemory } from './memory.ts';
import { readPressure, type PressureFiles } from './pressure.ts';
import { Processes } from './processes.ts';
import { SensorReader } from './sensors.ts';
import { readSystemConstants, type SystemConstants } from './system-constants.ts';
import { Tcp } from './tcp.ts';

export interface LinuxMachineOptions {
  /** The folder that holds proc/, sys/ and etc/. */
  root: string;
}

export class LinuxMachine implements MachineSource {
  readonly #root: string;
  readonly #constants: SystemConstants;
  readonly #scanner = new ByteScanner();
  readonly #files: KernelFile[] = [];
  readonly #stat: KernelFile;
  readonly #meminfo: KernelFile;
  readonly #vmstat: KernelFile;
  readonly #loadavg: KernelFile;
  readonly #pressure: PressureFiles;
  readonly #disks: Disks;
  readonly #interfaces: Interfaces;
  readonly #tcp: Tcp;
  readonly #frequency: Frequency;
  readonly #filesystems: FilesystemReader;
  readonly #sensors: SensorReader;
  #processes: Processes | null = null;

  constructor({ root }: LinuxMachineOptions) {
    const procPath = join(root, 'proc');
    const sysPath = join(root, 'sys');
    const file = (name: string) => {
      const opened = new KernelFile(join(procPath, name), this.#scanner);
      this.#files.push(opened);
      return opened;
    };
    this.#root = root;
    this.#constants = readSystemConstants(procPath);
    this.#stat = file('stat');
    this.#meminfo = file('meminfo');
    this.#vmstat = file('vmstat');
    this.#loadavg = file('loadavg');
    this.#pressure = { cpu: file('pressure/cpu'), memory: file('pressure/memory'), io: file('pressure/io') };
    this.#disks = new Disks(file('diskstats'), sysPath);
    this.#interfaces = new Interfaces(file('net/dev'), sysPath);
    this.#tcp = new Tcp(file('net/snmp'));
    this.#frequency = new Frequency(procPath, sysPath, this.#scanner);
    this.#filesystems = new FilesystemReader(root);
    this.#sensors = new SensorReader(sysPath);
  }

  get wordBits(): CounterBits {
    return this.#constants.wordBits;
  }

  inventory(): Promise<Inventory> {
    return readInventory(this.#root);
  }

  read(instant: Instant): Reading {
    const { cpu, kernel } = this.#readStat();
    return {
      cpu,
      kernel,
      frequencyMhz: this.#frequency.read(instant.monotonicMs),
      load: readLoad(this.#loadavg),
      pressure: readPressure(this.#pressure),
      memory: readMemory(this.#meminfo, this.#vmstat, this.#constants.pageBytes),
      disks: this.#disks.read(),
      interfaces: this.#interfaces.read(),
      tcp: this.#tcp.read(),
    };
  }

  processes(instant: Instant): ProcessTable | null {
    this.#processes ??= new Processes(this.#root, this.#constants, this.#scanner);
    return this.#processes.read(instant);
  }

  filesystems(): Promise<Filesystems['mounts']> {
    return this.#filesystems.read();
  }

  sensors(): Promise<Omit<Sensors, 'host' | 'time'>> {
    return this.#sensors.read();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#processes?.[Symbol.dispose]();
    this.#frequency[Symbol.dispose]();
    for (const file of this.#files.reverse()) file[Symbol.dispose]();
  }

  /** /proc/stat is the dearest of these files on a machine with many cores: read once for both. */
  #readStat(): { cpu: CpuReading | null; kernel: KernelReading | null } {
    const stat = this.#stat.read();
    if (!stat) return { cpu: null, kernel: null };
    const cpu = readCpu(stat);
    stat.rewind();
    return { cpu, kernel: readKernel(stat) };
  }
}
