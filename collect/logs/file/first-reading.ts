/** Where reading begins in a file that was opened: where it was left, or as near to its end as was asked for. */
import type { Buffer } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { resume } from './file-generation.ts';
import type { FilePosition } from './kept-positions.ts';
import { fromTheStart, type ReadingStart } from './read-content.ts';

export interface OpenedFile {
  handle: FileHandle;
  /** Its first bytes. */
  head: Buffer;
  /** In bytes. */
  size: number;
}

export interface FirstReading {
  start: ReadingStart;
  /** The first line may not be whole. */
  skipsFirstLine: boolean;
}

/**
 * @param known how far this file, or one of its place, was read; null: not at all
 * @param backlogBytes read at most from its end where it is not as it was left; null: all of it
 */
export async function firstReading(
  { handle, head, size }: OpenedFile,
  known: FilePosition | null,
  backlogBytes: number | null,
): Promise<FirstReading> {
  const resumed = known === null ? null : await resume(handle, known);
  if (resumed !== null) return { start: resumed, skipsFirstLine: known!.isMidLine };
  // One byte early: where that byte ends a line, the next line is whole and stays.
  const offset = backlogBytes === null ? 0 : Math.max(0, size - backlogBytes - 1);
  return { start: offset > 0 ? { ...fromTheStart, offset, head } : fromTheStart, skipsFirstLine: offset > 0 };
}
