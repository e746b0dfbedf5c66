/**
 * A machine that is not Linux, through Node's own `os` and systeminformation, which spawns the system's tools.
 * That library is loaded with the first call, so that a Linux program never pays for it.
 */
import { loadavg } from 'node:os';
import type systeminformation from 'systeminformation';
import type { Inventory } from '../../../shared/schema/host.ts';
import type { Filesystems, Sensors } from '../../../shared/schema/slow-tiers.ts';
import type { MachineSource, ProcessTable } from '../machine-source.ts';
import type { Reading } from '../reading.ts';
import { readRuntimeMemory } from '../runtime-memory.ts';
import type { Instant } from '../sample-rates.ts';
import { timely } from '../timely.ts';
import { readCpu, readFrequency } from './cpu.ts';
import { readDisks } from './disks.ts';
import { readFilesystems } from './filesystems.ts';
import { readInterfaces } from './interfaces.ts';
import { readInventory } from './inventory.ts';
import { readMemory } from './memory.ts';
import { ProcessTableReader } from './processes.ts';
import { readSensors } from './sensors.ts';

/** Only its type: the library itself is loaded when it is first asked. */
export type SystemInformation = typeof systeminformation;

/** The system's tools are spawned for each answer, and any of them may hang. */
const TIMEOUT_MS = 10_000;
const isWindows = process.platform === 'win32';

export class PortableMachine implements MachineSource {
  readonly wordBits = 64;
  readonly #processes = new ProcessTableReader();
  #library: Promise<SystemInformation> | null = null;

  async inventory(): Promise<Inventory> {
    return readInventory(await this.#systemInformation());
  }

  async read(): Promise<Reading> {
    const library = await this.#systemInformation();
    const [memory, disks, interfaces] = await Promise.all([
      timely(readMemory(library), TIMEOUT_MS),
      timely(readDisks(library), TIMEOUT_MS),
      timely(readInterfaces(library), TIMEOUT_MS),
    ]);
    const [one = 0, five = 0, fifteen = 0] = loadavg();
    return {
      cpu: readCpu(),
      frequencyMhz: readFrequency(),
      // Windows has no load average; Node says 0 there.
      load: isWindows ? null : { one, five, fifteen },
      pressure: null,
      memory: memory ?? readRuntimeMemory(),
      disks: disks ?? [],
      interfaces: interfaces ?? [],
      tcp: null,
      kernel: null,
    };
  }

  async processes(instant: Instant): Promise<ProcessTable | null> {
    return timely(this.#processes.read(await this.#systemInformation(), instant), TIMEOUT_MS);
  }

  async filesystems(): Promise<Filesystems['mounts']> {
    return (await timely(readFilesystems(await this.#systemInformation()), TIMEOUT_MS)) ?? [];
  }

  async sensors(): Promise<Omit<Sensors, 'host' | 'time'>> {
    const readings = await timely(readSensors(await this.#systemInformation()), TIMEOUT_MS);
    return readings ?? { temperatures: [], fans: [], battery: null };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (isWindows && this.#library) (await this.#library).powerShellRelease();
  }

  #systemInformation(): Promise<SystemInformation> {
    this.#library ??= loadLibrary();
    return this.#library;
  }
}

async function loadLibrary(): Promise<SystemInformation> {
  const { default: library } = await import('systeminformation');
  // One shell kept open instead of one spawned with every call.
  if (isWindows) library.powerShellStart();
  return library;
}
