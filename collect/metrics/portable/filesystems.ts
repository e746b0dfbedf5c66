/** Mounted filesystems from systeminformation; inodes are told nowhere but on Linux. */
import type { Filesystems } from '../../../shared/schema/slow-tiers.ts';
import type { SystemInformation } from './portable-machine.ts';

const MAX_MOUNTS = 512;

export async function readFilesystems(library: SystemInformation): Promise<Filesystems['mounts']> {
  const mounts = await library.fsSize();
  return mounts
    .filter((mount) => mount.size > 0)
    .slice(0, MAX_MOUNTS)
    .map((mount) => ({
      mount: mount.mount,
      device: mount.fs,
      type: mount.type,
      totalBytes: mount.size,
      usedBytes: mount.used || 0,
      availableBytes: mount.available || 0,
      inodesTotal: null,
      inodesUsed: null,
      isReadOnly: mount.rw === false,
    }));
}
