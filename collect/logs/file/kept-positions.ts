/** How far log files were read, as plain values for a disk: what a next start goes on from. */
import { isByteMark, type ByteMark } from './byte-mark.ts';

export interface KeptFiles {
  /** Epoch milliseconds when the newest of it was kept: what was born later was never seen. */
  at: number;
  files: readonly KeptFile[];
}

/** A place that reading came by. */
export interface PassedPlace {
  offset: number;
  /** Of the bytes just before it. */
  overlap: ByteMark;
}

/** What is needed to go on where reading stopped. */
export interface FilePosition {
  /** Device and inode. ext4 gives a deleted file's inode to the next one: `head` tells them apart. */
  id: string;
  /** Of the file's first bytes. */
  head: ByteMark;
  offset: number;
  /** Of the bytes just before `offset`; of none where nothing was read yet, or where only a half line was. */
  overlap: ByteMark;
  /** True within a line whose start was told, cut, or left out: its rest is skipped. */
  isMidLine: boolean;
  /** Oldest first: a copy that was made before reading got to `offset` is known by them. Left out: none. */
  places?: readonly PassedPlace[];
}

/** How far a file was read that is not looked at any more. */
export interface SeenPosition extends FilePosition {
  /** Epoch nanoseconds of its last write, in decimal. */
  writtenNs: string;
}

/** One followed path. */
export interface KeptFile {
  path: string;
  /** Of the files that were open, oldest first: rotated ones, and the one under the path. */
  open: FilePosition[];
  /** Of rotated files that were done with. */
  seen: SeenPosition[];
  /** Epoch nanoseconds, in decimal: other files of this name that were written to last by then are of no interest. */
  seenBeforeNs: string;
  /** Epoch milliseconds since when it is not followed any more, because nothing is under the path. Left out: it is followed. */
  goneAt?: number;
}

/** Of the paths that are gone so many are kept, the newest: names with a date or a container's id in them come and go without end. */
export const MAX_GONE_FILES = 256;
/** ... and each for so long: what comes back later begins anew. */
const GONE_KEPT_MS = 86_400_000;

/** All that are followed, and of those that are gone the ones of late. `at`: the present, in epoch milliseconds. */
export function worthKeeping(files: readonly KeptFile[], at: number): KeptFile[] {
  const gone = files.filter(({ goneAt }) => goneAt !== undefined && at - goneAt < GONE_KEPT_MS);
  const ofLate = new Set(gone.sort((a, b) => a.goneAt! - b.goneAt!).slice(-MAX_GONE_FILES));
  return files.filter((file) => file.goneAt === undefined || ofLate.has(file));
}

/** False for what a damaged file may hold instead. */
export function isKeptFile(value: unknown): value is KeptFile {
  const { path, open, seen, seenBeforeNs, goneAt } = (value ?? {}) as Partial<KeptFile>;
  return (
    typeof path === 'string' &&
    Array.isArray(open) &&
    open.every(isFilePosition) &&
    Array.isArray(seen) &&
    seen.every((position) => isFilePosition(position) && isNanoseconds(position.writtenNs)) &&
    isNanoseconds(seenBeforeNs) &&
    (goneAt === undefined || Number.isSafeInteger(goneAt))
  );
}

function isFilePosition(value: unknown): value is FilePosition {
  const { id, head, offset, overlap, isMidLine, places } = (value ?? {}) as Partial<FilePosition>;
  return (
    typeof id === 'string' &&
    isByteMark(head) &&
    Number.isSafeInteger(offset) &&
    offset! >= 0 &&
    isByteMark(overlap) &&
    overlap.bytes <= offset! &&
    typeof isMidLine === 'boolean' &&
    (places === undefined || (Array.isArray(places) && places.every(isPassedPlace)))
  );
}

function isPassedPlace(value: unknown): value is PassedPlace {
  const { offset, overlap } = (value ?? {}) as Partial<PassedPlace>;
  return Number.isSafeInteger(offset) && isByteMark(overlap) && overlap.bytes <= offset!;
}

function isNanoseconds(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,20}$/.test(value);
}
