/** Whether a file is on a disk of this machine: a network's, or one that another process serves, may make who reads it wait for ever. */
import { statfs } from 'node:fs/promises';

/** statfs(2) on Linux, `f_type`. Others, and other systems, whose numbers mean something else, count as not local. */
const localTypes: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x5846_5342, // xfs
  0x9123_683e, // btrfs
  0xf2f5_2010, // f2fs
  0x2fc1_2fc1, // zfs
  0x0102_1994, // tmpfs
  0x794c_7630, // overlay, of containers
]);

export async function isOnLocalDisk(file: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  return statfs(file).then(
    ({ type }) => localTypes.has(type),
    () => false,
  );
}
