/**
 * Finds what lies between the file that was followed and the one under its name now: generations that
 * came and went between two looks, and the copy that a copytruncate made.
 */
import { Buffer } from 'node:buffer';
import { constants, type BigIntStats } from 'node:fs';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { fileId, hasHeadOf, readHead, type FilePosition } from './file-generation.ts';

export interface FoundGeneration {
  name: string;
  handle: FileHandle;
  stats: BigIntStats;
  head: Buffer;
}

type IsKnown = (found: FoundGeneration) => boolean;

/** Rotated files of one name looked at. */
const MAX_CANDIDATES = 64;
const MAX_LISTINGS = 5;

const compressed = /\.(gz|bz2|xz|zst|lz4|zip|Z|lzma)$/;

/**
 * Generations born at or after `sinceNs` (epoch nanoseconds), oldest first; the caller closes the handles.
 * Birth times, not names: whether `.1` or `-20260102` is the newer one is up to the rotation.
 */
export async function findLaterGenerations(
  file: string,
  sinceNs: bigint,
  isKnown: IsKnown,
): Promise<FoundGeneration[]> {
  const later = await openGenerations(
    file,
    async (found) => found.stats.size > 0n && bornNs(found.stats) >= sinceNs && !isKnown(found),
  );
  return later.sort(byAge);
}

/** Oldest first. Born in the same tick of the filesystem's clock: "app.log.2" is older than "app.log.1". */
function byAge(a: FoundGeneration, b: FoundGeneration): number {
  return Number(bornNs(a.stats) - bornNs(b.stats)) || rotationCount(b.name) - rotationCount(a.name);
}

function rotationCount(name: string): number {
  return Number(/[.-](\d{1,4})$/.exec(name)?.[1] ?? 0);
}

/** The copy of a file as it was at `position`, perhaps with more behind it; null where there is none. */
export async function findCopy(
  file: string,
  position: FilePosition,
  isKnown: IsKnown,
): Promise<FoundGeneration | null> {
  if (position.overlap.length === 0) return null;
  const copies = await openGenerations(file, async (found) => {
    if (found.stats.size < BigInt(position.offset) || !hasHeadOf(found.head, position) || isKnown(found))
      return false;
    const overlap = Buffer.alloc(position.overlap.length);
    await found.handle.read(overlap, 0, overlap.length, position.offset - overlap.length);
    return overlap.equals(position.overlap);
  });
  const [newest, ...older] = copies.sort((a, b) => byAge(b, a));
  await Promise.all(older.map(({ handle }) => handle.close()));
  return newest ?? null;
}

/**
 * The file of `position` under the name that a rotation gave it; null where it is gone, or compressed. One that was empty has
 * no head to be known by: then it must have been born before `openedNs` (epoch nanoseconds).
 */
export async function findRotated(
  file: string,
  position: FilePosition,
  openedNs: bigint,
): Promise<FoundGeneration | null> {
  const [found, ...others] = await openGenerations(
    file,
    async ({ stats, head }) =>
      fileId(stats) === position.id &&
      stats.size >= BigInt(position.offset) &&
      (position.head.length > 0 || bornNs(stats) <= openedNs) &&
      hasHeadOf(head, position),
  );
  await Promise.all(others.map(({ handle }) => handle.close()));
  return found ?? null;
}

/** Filesystems without birth times say 0: the last write is then the next best witness. */
export function bornNs(stats: BigIntStats): bigint {
  return stats.birthtimeNs > 0n ? stats.birthtimeNs : stats.mtimeNs;
}

/**
 * A rotation may rename the files while they are listed, so that one is met under two names and another
 * under none: the folder is listed again until a listing brings nothing new.
 */
async function openGenerations(
  file: string,
  isWanted: (found: FoundGeneration) => Promise<boolean>,
): Promise<FoundGeneration[]> {
  const folder = path.dirname(file);
  const seen = new Set<string>();
  const wanted: FoundGeneration[] = [];
  for (let listings = 0, seenBefore = -1; seen.size > seenBefore && listings < MAX_LISTINGS; listings++) {
    seenBefore = seen.size;
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter(isGenerationOf(path.basename(file))).slice(0, MAX_CANDIDATES)) {
      const found = await openGeneration(path.join(folder, name));
      if (found === null) continue;
      const isNew = !seen.has(fileId(found.stats));
      seen.add(fileId(found.stats));
      if (isNew && (await isWanted(found).catch(() => false))) wanted.push(found);
      else await found.handle.close();
    }
  }
  return wanted;
}

/** O_NOFOLLOW: a generation is a file of this folder, never a way out of it. */
async function openGeneration(file: string): Promise<FoundGeneration | null> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(file, flags).catch(() => null);
  if (handle === null) return null;
  try {
    const stats = await handle.stat({ bigint: true });
    if (stats.isFile()) return { name: path.basename(file), handle, stats, head: await readHead(handle) };
  } catch {
    // A file that cannot be read is no generation to go on with.
  }
  await handle.close();
  return null;
}

/** Of "app.log": "app.log.1", "app.log-20260102", "app.log.old", and with the ending kept "app-20260102.log", "app.1.log". */
export function isGenerationOf(name: string): (other: string) => boolean {
  const ending = path.extname(name);
  const stem = name.slice(0, name.length - ending.length);
  return (other) => {
    if (other === name || compressed.test(other)) return false;
    if (other.startsWith(name)) return /^[-._~]/.test(other.slice(name.length));
    if (ending === '' || !other.startsWith(stem) || !other.endsWith(ending)) return false;
    return /^[-._][-._\d]*\d$/.test(other.slice(stem.length, other.length - ending.length));
  };
}
