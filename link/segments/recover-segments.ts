/** What an earlier process left: sealed segments are taken by their names, unsealed ones are read, cut and sealed. */
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setAside } from './damaged-files.ts';
import { readBlock } from './read-block.ts';
import { RECORD_HEADER_BYTES } from './record-format.ts';
import {
  parseSegmentFileName,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
  SegmentFile,
} from './segment-file.ts';

const BLOCK_BYTES = 256 * 1024;

export interface Recovered {
  /** Oldest first, all sealed. */
  segments: SegmentFile[];
  /** Records at the end of an unsealed segment that were written once and cannot be read. */
  damaged: number;
}

/** Throws what the file system throws where the folder itself cannot be read; a segment that cannot be is left out. */
export async function recoverSegments(dir: string): Promise<Recovered> {
  const found: Recovered = { segments: [], damaged: 0 };
  const names = (await readdir(dir)).filter((name) => parseSegmentFileName(name) !== null).sort();
  for (const name of names) {
    const newest = found.segments.at(-1);
    const { first, last } = parseSegmentFileName(name)!;
    const isForeign = (newest && first <= newest.last) || (last !== null && last < first);
    try {
      // A copy somebody made: its numbers are taken, so it cannot be told apart from the original.
      if (isForeign) await rename(path.join(dir, name), path.join(dir, `${name}.damaged`));
      else await take(found, dir, name, first, last);
    } catch (error) {
      // Gone or unreadable: the others are worth more than an end here.
      if ((error as NodeJS.ErrnoException).code === 'EROFS') throw error;
    }
  }
  return found;
}

async function take(
  found: Recovered,
  dir: string,
  name: string,
  first: number,
  last: number | null,
): Promise<void> {
  const file = path.join(dir, name);
  const { size, mtimeMs } = await stat(file);
  const openMs = found.segments.at(-1)?.openMs ?? 0;
  const times = (await readSegmentHeader(file)) ?? { since: mtimeMs, openMs };
  if (last !== null) {
    found.segments.push(new SegmentFile(dir, first, last, size, times, true));
    return;
  }
  const scan = await scanUnsealed(dir, file, first, size);
  found.damaged += scan.damaged;
  if (scan.last < first) return rm(file);
  const segment = new SegmentFile(dir, first, scan.last, scan.bytes, times, true);
  await rename(file, segment.path);
  found.segments.push(segment);
}

/** Cuts what follows the last whole record. */
async function scanUnsealed(
  dir: string,
  file: string,
  first: number,
  size: number,
): Promise<{ last: number; bytes: number; damaged: number }> {
  await using handle = await open(file, 'r+');
  const scan = { last: first - 1, bytes: Math.min(size, SEGMENT_HEADER_BYTES), damaged: 0 };
  for (let offset = SEGMENT_HEADER_BYTES; offset < size;) {
    const block = await readBlock(handle, first, offset, size, BLOCK_BYTES);
    for (const record of block.records) {
      if (!record.isHead) scan.last = Math.max(scan.last, record.number);
    }
    const tail = block.damaged.at(-1);
    const endsDamaged = block.next === size && tail !== undefined && tail.behind === block.records.length;
    scan.bytes = endsDamaged ? tail.offset : block.next;
    // What is damaged further ahead is found, counted and set aside when it is read.
    if (endsDamaged && looksWritten(tail)) {
      const isNew = await setAside(dir, first, tail.offset, tail.bytes);
      if (isNew) scan.damaged = 1;
    }
    offset = block.next;
  }
  if (scan.bytes < size) await handle.truncate(scan.bytes);
  return scan;
}

/** A write that a crash cut short ends early, or in zeros; anything else was whole once. */
function looksWritten({ bytes, isTorn }: { bytes: Buffer; isTorn: boolean }): boolean {
  return !isTorn && bytes.length > RECORD_HEADER_BYTES && bytes.some((byte) => byte !== 0);
}
