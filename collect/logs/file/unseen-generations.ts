/** Which of the other files of a log's name are news: written to of late, and neither read before nor a copy of what was. */
import path from 'node:path';
import { beginsAs, markOf } from './byte-mark.ts';
import { isRotatedName, openGenerations, type FoundGeneration } from './earlier-generations.ts';
import { fileId, looksBinary, resume, type FileGeneration } from './file-generation.ts';
import type { FilePosition, SeenPosition } from './kept-positions.ts';
import type { PositionLedger } from './position-ledger.ts';
import { fromTheStart, OVERLAP_BYTES, readBytes, readHead, type ReadingStart } from './read-content.ts';
import type { SeenGenerations } from './seen-generations.ts';

/** A file, and where what is new of it begins. */
export interface UnseenGeneration extends FoundGeneration {
  start: ReadingStart;
}

export interface UnseenGenerations {
  /** Oldest first; the caller closes the handles. */
  found: UnseenGeneration[];
  /** Left out were copies of an open file that was not read so far: it may be truncated before it is, so they are to be asked for again. */
  hasUndecided: boolean;
  /** The ends of copies of what was read and is not open. */
  copies: SeenPosition[];
}

export interface UnseenOptions {
  path: string;
  ledger: Pick<PositionLedger<unknown>, 'isFollowed' | 'position'>;
  seen: SeenGenerations;
  /** What is being read. */
  open: readonly FileGeneration[];
  /** How far files were read that are not any more as they were: copies may have been made of them. */
  lost: readonly FilePosition[];
}

export async function findUnseen(options: UnseenOptions): Promise<UnseenGenerations> {
  const { path: file, ledger, seen, open } = options;
  const recent = await openGenerations(
    file,
    (stats) => stats.size > 0n && seen.isRecent(stats) && !ledger.isFollowed(fileId(stats)),
  );
  const unseen: UnseenGenerations = { found: [], hasUndecided: false, copies: [] };
  for (const generation of recent) {
    const original = await originalOf(generation, open);
    const start = original === null ? await newsOf(generation, options).catch(() => null) : null;
    if (start === 'copy') unseen.copies.push(await endOf(generation));
    else if (start !== null) {
      unseen.found.push({ ...generation, start });
      continue;
    }
    await generation.handle.close();
    unseen.hasUndecided ||= original?.offset === 0;
  }
  return unseen;
}

/** Where in a file news begin; `copy`: it is one of what was read; null: nothing in it is of interest. */
async function newsOf(
  generation: FoundGeneration,
  { path: file, ledger, seen, lost }: UnseenOptions,
): Promise<ReadingStart | 'copy' | null> {
  const { id, name, handle, stats } = generation;
  const size = Number(stats.size);
  const known = ledger.position(id);
  const start = known === null ? null : await resume(handle, known);
  if (start !== null) return start.offset < size ? start : null;
  for (const position of seen.kept.seen)
    if (position.offset === size && (await resume(handle, position)) !== null) return 'copy';
  for (const position of lost) if (await isCopyOf(position, handle, size)) return 'copy';
  const isLog = isRotatedName(path.basename(file), name) && !looksBinary(await readHead(handle));
  return isLog ? fromTheStart : null;
}

/** By the last place passed that the other file reaches; by its head alone where it reaches none. */
async function isCopyOf(
  { head, offset, places = [] }: FilePosition,
  handle: FoundGeneration['handle'],
  size: number,
): Promise<boolean> {
  const place = places.findLast((passed) => passed.offset <= size);
  const isHeadSame = head.bytes > 0 && head.bytes <= size && beginsAs(await readHead(handle), head);
  if (place === undefined) return isHeadSame && size <= offset;
  const { overlap } = place;
  // A head may have grown since the copy was made; then all that is before the place is compared.
  if (!isHeadSame && overlap.bytes < place.offset) return false;
  return beginsAs(await readBytes(handle, place.offset - overlap.bytes, place.offset), overlap);
}

async function endOf({ id, handle, stats }: FoundGeneration): Promise<SeenPosition> {
  const offset = Number(stats.size);
  const [head, overlap] = [await readHead(handle), await readBytes(handle, offset - OVERLAP_BYTES, offset)];
  const position = { id, head: markOf(head), offset, overlap: markOf(overlap), isMidLine: false };
  return { ...position, writtenNs: stats.mtimeNs.toString() };
}

/** The open file that the found one is a copy of; null where it is none. */
async function originalOf(
  { handle, stats }: FoundGeneration,
  open: readonly FileGeneration[],
): Promise<FileGeneration | null> {
  for (const generation of open) {
    if (await generation.isCopiedBy(handle, Number(stats.size)).catch(() => false)) return generation;
  }
  return null;
}
