/** One file of a segment log: its name, its 32 bytes of header, and what is known of it without reading its records. */
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { Segment } from './segment-log.ts';

/**
 * | Bytes | What |
 * | 0-7   | `WLSEG 1` and a line feed |
 * | 8-15  | double: epoch milliseconds when it was begun |
 * | 16-23 | double: milliseconds that logs had been open in this folder by then |
 * | 24-27 | 0 |
 * | 28-31 | CRC-32 of bytes 0-27 |
 */
export const SEGMENT_HEADER_BYTES = 32;
const magic = Buffer.from('WLSEG 1\n');

const namePattern = /^(\d{16})(?:-(\d{16}))?\.segment$/;

export interface SegmentTimes {
  since: number;
  openMs: number;
}

/** The name tells how many records a sealed segment has, so that a full log is opened without reading it. */
export function segmentFileName(first: number, last: number | null): string {
  const digits = (number: number) => String(number).padStart(16, '0');
  return `${digits(first)}${last === null ? '' : `-${digits(last)}`}.segment`;
}

/** Null: no segment's name. `last` is null where it was not sealed. */
export function parseSegmentFileName(name: string): { first: number; last: number | null } | null {
  const found = namePattern.exec(name);
  if (!found) return null;
  return { first: Number(found[1]), last: found[2] === undefined ? null : Number(found[2]) };
}

export function encodeSegmentHeader({ since, openMs }: SegmentTimes): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  magic.copy(header);
  header.writeDoubleLE(since, 8);
  header.writeDoubleLE(openMs, 16);
  header.writeUInt32LE(crc32(header.subarray(0, 28)), 28);
  return header;
}

/** Null where it is damaged or cut short: the records behind may still be whole. */
export async function readSegmentHeader(file: string): Promise<SegmentTimes | null> {
  await using handle = await open(file, 'r');
  const header = await readAt(handle, 0, SEGMENT_HEADER_BYTES);
  if (header.length < SEGMENT_HEADER_BYTES || !header.subarray(0, 8).equals(magic)) return null;
  if (header.readUInt32LE(28) !== crc32(header.subarray(0, 28))) return null;
  return { since: header.readDoubleLE(8), openMs: header.readDoubleLE(16) };
}

/** Fewer bytes than asked for only where the file ends. */
export async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** What the log knows of one of its files; changed by the log alone. */
export class SegmentFile implements Segment {
  readonly first: number;
  readonly since: number;
  /** On the log's own clock; see `SegmentTimes`. */
  readonly openMs: number;
  readonly #dir: string;
  last: number;
  bytes: number;
  isSealed: boolean;
  /** A sealed one keeps the name it had where it could not be renamed: then the next process reads it through. */
  hasSealedName: boolean;

  constructor(
    dir: string,
    first: number,
    last: number,
    bytes: number,
    times: SegmentTimes,
    isSealed: boolean,
  ) {
    this.#dir = dir;
    this.first = first;
    this.last = last;
    this.bytes = bytes;
    this.since = times.since;
    this.openMs = times.openMs;
    this.isSealed = isSealed;
    this.hasSealedName = isSealed;
  }

  get path(): string {
    return path.join(this.#dir, segmentFileName(this.first, this.hasSealedName ? this.last : null));
  }
}
