/** Block devices from /proc/diskstats (kernel doc: admin-guide/iostats). */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiskCounters } from '../reading.ts';
import type { ByteScanner } from './byte-scanner.ts';
import { DeviceFacts } from './device-facts.ts';
import type { KernelFile } from './kernel-file.ts';

/** The kernel counts in sectors of 512 bytes, whatever the device's own are. */
const SECTOR_BYTES = 512;

interface DiskFacts {
  /** False for partitions, whose traffic is their disk's, and for devices of no size: loop0, ram0, an empty reader. */
  isShown: boolean;
  isPhysical: boolean;
}

export class Disks {
  readonly #diskstats: KernelFile;
  readonly #facts: DeviceFacts<DiskFacts>;

  constructor(diskstats: KernelFile, sysPath: string) {
    this.#diskstats = diskstats;
    const blockPath = join(sysPath, 'block');
    const hasSysfs = existsSync(blockPath);
    this.#facts = new DeviceFacts((device) => (hasSysfs ? factsOf(blockPath, device) : factsByName(device)));
  }

  read(): DiskCounters[] {
    const file = this.#diskstats.read();
    if (!file) return [];
    this.#facts.nextReading();
    const disks: DiskCounters[] = [];
    do {
      file.skipWords(2);
      const device = file.word();
      if (device === '') continue;
      const facts = this.#facts.of(device);
      if (facts.isShown) disks.push(readCounters(file, device, facts.isPhysical));
    } while (file.nextLine());
    return disks;
  }
}

function readCounters(file: ByteScanner, device: string, isPhysical: boolean): DiskCounters {
  const reads = file.number();
  file.skipWords(1);
  const readBytes = file.number() * SECTOR_BYTES;
  const readMs = file.number();
  const writes = file.number();
  file.skipWords(1);
  const writeBytes = file.number() * SECTOR_BYTES;
  const writeMs = file.number();
  file.skipWords(1);
  const busyMs = file.number();
  const weightedMs = file.number();
  // Discards are counted since 4.18.
  const discards = file.number() || 0;
  file.skipWords(discards > 0 ? 2 : 0);
  const discardMs = discards > 0 ? file.number() : 0;
  return {
    device,
    isPhysical,
    readBytes,
    writeBytes,
    reads,
    writes,
    discards,
    readMs,
    writeMs,
    discardMs,
    busyMs,
    weightedMs,
  };
}

function factsOf(blockPath: string, device: string): DiskFacts {
  // Names with a slash ("cciss/c0d0") carry "!" in sysfs.
  const path = join(blockPath, device.replaceAll('/', '!'));
  return { isShown: sizeOf(path) > 0, isPhysical: existsSync(join(path, 'device')) };
}

/** In sectors. Partitions have no folder of their own in /sys/block: 0. */
function sizeOf(path: string): number {
  try {
    return Number(readFileSync(join(path, 'size'), 'latin1'));
  } catch {
    return 0;
  }
}

/** In a container without /sys, or of a machine elsewhere, the name must do. */
export function factsByName(device: string): DiskFacts {
  const isPartition = /^(?:(?:sd|vd|xvd|hd)[a-z]+|(?:nvme\d+n|mmcblk|md|nbd)\d+p)\d+$/.test(device);
  const isVirtual = /^(?:loop|ram|zram|dm-|md|sr|fd|nbd)/.test(device);
  return { isShown: !isPartition && !/^(?:loop|ram|fd)/.test(device), isPhysical: !isVirtual };
}
