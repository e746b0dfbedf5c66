/** How far log files were read, as plain values for a disk: what a next start goes on from. */
import { Buffer } from 'node:buffer';
import type { FilePosition } from './file-generation.ts';

export interface KeptFiles {
  /** Epoch milliseconds when the newest of it was kept: what was born later was never seen. */
  at: number;
  files: readonly KeptFile[];
}

/** One followed path. */
export interface KeptFile {
  path: string;
  /** Epoch nanoseconds, in decimal: when its open file was opened. Generations born later were not seen. */
  openedNs: string;
  /** Of the file that was open; null where none was. */
  current: KeptPosition | null;
  /** Of rotated files that were still looked at, oldest first. */
  rotated: KeptPosition[];
}

/** A `FilePosition`, its bytes in base64. */
export interface KeptPosition {
  id: string;
  head: string;
  offset: number;
  overlap: string;
  isMidLine: boolean;
}

export function keptPosition(position: FilePosition): KeptPosition {
  const { head, overlap, ...rest } = position;
  return { ...rest, head: head.toString('base64'), overlap: overlap.toString('base64') };
}

export function filePosition(kept: KeptPosition): FilePosition {
  const { head, overlap, ...rest } = kept;
  return { ...rest, head: Buffer.from(head, 'base64'), overlap: Buffer.from(overlap, 'base64') };
}

/** False for what a damaged file may hold instead. */
export function isKeptFile(value: unknown): value is KeptFile {
  const { path, openedNs, current, rotated } = (value ?? {}) as Partial<KeptFile>;
  return (
    typeof path === 'string' &&
    typeof openedNs === 'string' &&
    /^\d{1,20}$/.test(openedNs) &&
    (current === null || isKeptPosition(current)) &&
    Array.isArray(rotated) &&
    rotated.every(isKeptPosition)
  );
}

function isKeptPosition(value: unknown): value is KeptPosition {
  const { id, head, offset, overlap, isMidLine } = (value ?? {}) as Partial<KeptPosition>;
  return (
    typeof id === 'string' &&
    typeof head === 'string' &&
    Number.isSafeInteger(offset) &&
    offset! >= 0 &&
    typeof overlap === 'string' &&
    typeof isMidLine === 'boolean'
  );
}
