/** Knows bytes again without keeping them. */
import type { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';

/** Plain values: it may be kept on disk. */
export interface ByteMark {
  readonly bytes: number;
  /** CRC-32 of them. */
  readonly sum: number;
}

export function markOf(bytes: Buffer): ByteMark {
  return { bytes: bytes.length, sum: crc32(bytes) };
}

/** True where `bytes` begin with those that were marked. */
export function beginsAs(bytes: Buffer, mark: ByteMark): boolean {
  return bytes.length >= mark.bytes && crc32(bytes.subarray(0, mark.bytes)) === mark.sum;
}

/** False for what a damaged file may hold instead. */
export function isByteMark(value: unknown): value is ByteMark {
  const { bytes, sum } = (value ?? {}) as Partial<ByteMark>;
  return Number.isSafeInteger(bytes) && bytes! >= 0 && Number.isSafeInteger(sum);
}
