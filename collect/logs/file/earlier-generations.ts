/**
 * The other files of a log's name beside it: what rotations made of it, under whatever names, and the copies that a
 * copytruncate made.
 */
import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, readdir, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { fileId, resume } from './file-generation.ts';
import type { FilePosition } from './kept-positions.ts';
import type { ReadingStart } from './read-content.ts';

export interface FoundGeneration {
  name: string;
  id: string;
  handle: FileHandle;
  stats: BigIntStats;
}

interface ListedGeneration {
  name: string;
  stats: BigIntStats;
}

/** Rotated files of one name opened in one search, those written to last. */
const MAX_CANDIDATES = 64;
const MAX_LISTINGS = 8;
/** O_NOFOLLOW: a generation is a file of this folder, never a way out of it. */
export const GENERATION_FLAGS =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What Node takes apart itself. */
const readable = /\.(gz|zst)$/;
const compressed = /\.(gz|bz2|xz|zst|lz4|zip|Z|lzma)$/;

/** Those that are wanted, by what is known without opening them, oldest first; the caller closes the handles. */
export async function openGenerations(
  file: string,
  isWanted: (listed: BigIntStats) => boolean,
): Promise<FoundGeneration[]> {
  const found = new Map<string, FoundGeneration>();
  // A rotation may rename the files meanwhile: then they are listed again.
  for (let tries = 0, isDisturbed = true; isDisturbed && tries < MAX_LISTINGS; tries++) {
    isDisturbed = false;
    const listed = await listGenerations(file);
    const wanted = listed.filter(({ stats }) => isWanted(stats) && !found.has(fileId(stats)));
    for (const { name, stats } of wanted.slice(-MAX_CANDIDATES)) {
      const opened = await openGeneration(path.join(path.dirname(file), name));
      if (opened?.id !== fileId(stats)) isDisturbed = true;
      if (opened === null) continue;
      if (found.has(opened.id) || !isWanted(opened.stats)) await opened.handle.close();
      else found.set(opened.id, opened);
    }
  }
  return [...found.values()].sort(byAge);
}

/**
 * The file of `position` under the name a rotation gave it, or where that is gone or was rewritten the newest copy of it, and where to go
 * on in it; null where there is neither, or it is compressed.
 */
export async function findPosition(
  file: string,
  position: FilePosition,
  isOpen: (id: string) => boolean,
): Promise<{ found: FoundGeneration; start: ReadingStart } | null> {
  // What nothing was read of cannot be known again: another file may have the inode by now.
  if (position.offset === 0) return null;
  const candidates = await openGenerations(
    file,
    (stats) => stats.size >= BigInt(position.offset) && !isOpen(fileId(stats)),
  );
  const own = candidates.filter(({ id }) => id === position.id);
  const copies = candidates.filter(({ id }) => id !== position.id).toReversed();
  let match: { found: FoundGeneration; start: ReadingStart } | null = null;
  for (const found of [...own, ...copies]) {
    const start = await resume(found.handle, position).catch(() => null);
    if (start === null) continue;
    match = { found, start };
    break;
  }
  for (const { handle } of candidates) if (handle !== match?.found.handle) await handle.close();
  return match;
}

/** When the newest of them that nobody reads was written to last, in epoch nanoseconds; 0 where there is none. */
export async function lastWriteNs(file: string, isOpen: (id: string) => boolean): Promise<bigint> {
  const listed = (await listGenerations(file)).filter(({ stats }) => !isOpen(fileId(stats)));
  return listed.at(-1)?.stats.mtimeNs ?? 0n;
}

/** Whether one of them has this id. */
export async function isGenerationThere(file: string, id: string): Promise<boolean> {
  return (await listGenerations(file)).some(({ stats }) => fileId(stats) === id);
}

/** By their last write, since a truncated file is older than its lines. In the same tick of the filesystem's clock: "app.log.2" before "app.log.1". */
function byAge(a: ListedGeneration, b: ListedGeneration): number {
  return Number(a.stats.mtimeNs - b.stats.mtimeNs) || rotationCount(b.name) - rotationCount(a.name);
}

function rotationCount(name: string): number {
  return Number(/[.-](\d{1,4})$/.exec(name)?.[1] ?? 0);
}

/** Oldest first. Listed until two listings agree: one alone may meet a file under two names, and another under none. */
async function listGenerations(file: string): Promise<ListedGeneration[]> {
  let listed = await listOnce(file);
  for (let listings = 1; listings < MAX_LISTINGS; listings++) {
    const before = namesAndIds(listed);
    listed = await listOnce(file);
    if (namesAndIds(listed) === before) break;
  }
  return listed.sort(byAge);
}

async function listOnce(file: string): Promise<ListedGeneration[]> {
  const folder = path.dirname(file);
  const names = await readdir(folder).catch(() => []);
  const listed: ListedGeneration[] = [];
  for (const name of names.filter(isGenerationOf(path.basename(file))).sort()) {
    const stats = await lstat(path.join(folder, name), { bigint: true }).catch(() => null);
    if (stats?.isFile()) listed.push({ name, stats });
  }
  return listed;
}

function namesAndIds(listed: readonly ListedGeneration[]): string {
  return listed.map(({ name, stats }) => `${name}/${fileId(stats)}`).join('/');
}

/** Of those that are compressed, the ones written to last first. */
export async function listCompressed(file: string): Promise<string[]> {
  const isGeneration = isGenerationOf(path.basename(file));
  const isWanted = (name: string) => readable.test(name) && isGeneration(name.replace(readable, ''));
  const names = (await readdir(path.dirname(file)).catch(() => [])).filter(isWanted);
  const found: { name: string; writtenMs: number }[] = [];
  for (const name of names) {
    const stats = await lstat(path.join(path.dirname(file), name)).catch(() => null);
    if (stats?.isFile()) found.push({ name, writtenMs: stats.mtimeMs });
  }
  const newestFirst = found.sort((a, b) => b.writtenMs - a.writtenMs);
  return newestFirst.slice(0, MAX_CANDIDATES).map(({ name }) => path.join(path.dirname(file), name));
}

async function openGeneration(file: string): Promise<FoundGeneration | null> {
  const handle = await open(file, GENERATION_FLAGS).catch(() => null);
  if (handle === null) return null;
  const stats = await handle.stat({ bigint: true }).catch(() => null);
  if (stats?.isFile()) return { name: path.basename(file), id: fileId(stats), handle, stats };
  await handle.close();
  return null;
}

/**
 * True where a file that nothing is known of is a rotated log by its name: a number or date, or a word rotations use. Not "app.log.lock",
 * nor "app.log.offset".
 */
export function isRotatedName(name: string, other: string): boolean {
  let same = 0;
  while (same < other.length && other[same] === name[same]) same++;
  return /\d|~$|(?:^|[-._])(?:old|bak|backup|prev|previous|last|orig|saved?)\b/i.test(other.slice(same));
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
