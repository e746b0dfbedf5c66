/** Block devices: outside Linux only the sum of all is told, and on Windows not even that. */
import type { DiskCounters } from '../reading.ts';
import type { SystemInformation } from './portable-machine.ts';

/** Name of the row that stands for all disks. */
const ALL_DISKS = 'all';

export async function readDisks(library: SystemInformation): Promise<DiskCounters[]> {
  // Both answer null on platforms they do not know.
  const bytes = (await library.fsStats()) as Awaited<ReturnType<typeof library.fsStats>> | null;
  const operations = (await library.disksIO()) as Awaited<ReturnType<typeof library.disksIO>> | null;
  if (!bytes && !operations) return [];
  return [
    {
      device: ALL_DISKS,
      isPhysical: true,
      readBytes: bytes?.rx ?? 0,
      writeBytes: bytes?.wx ?? 0,
      reads: operations?.rIO ?? 0,
      writes: operations?.wIO ?? 0,
      discards: 0,
      readMs: operations?.rWaitTime ?? 0,
      writeMs: operations?.wWaitTime ?? 0,
      discardMs: 0,
      // Not told: utilisation and queue stay at zero.
      busyMs: 0,
      weightedMs: 0,
    },
  ];
}
