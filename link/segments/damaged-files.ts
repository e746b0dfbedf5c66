/** Bytes that were records once, set aside for whoever wants to know what they were. Bounded: the oldest go. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** At most so many files, of at most so many bytes each; what is longer is cut. */
const MAX_DAMAGED_FILES = 32;
const MAX_DAMAGED_BYTES = 256 * 1024;

/**
 * Writes them beside the segments, named by segment and offset. Answers false where the same place was set aside before:
 * then it was counted before, too. Best effort: a disk that takes nothing costs the copy alone.
 */
export async function setAside(dir: string, first: number, offset: number, bytes: Buffer): Promise<boolean> {
  const name = `${String(first).padStart(16, '0')}+${String(offset).padStart(10, '0')}.damaged`;
  try {
    await writeFile(path.join(dir, name), bytes.subarray(0, MAX_DAMAGED_BYTES), { mode: 0o600, flag: 'wx' });
    await removeOldest(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
  }
  return true;
}

async function removeOldest(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.damaged')).sort();
  for (const name of names.slice(0, Math.max(0, names.length - MAX_DAMAGED_FILES))) {
    await rm(path.join(dir, name), { force: true });
  }
}
