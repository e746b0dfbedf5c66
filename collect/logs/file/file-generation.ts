/**
 * One open log file: its identity, how far it was read, and its half line. A path has many of these
 * over time, one after each rotation.
 */
import { Buffer } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { LineSplitter } from '../line-splitter.ts';
import { untilRoom, type Room } from '../room.ts';
import { beginsAs, markOf } from './byte-mark.ts';
import type { FilePosition } from './kept-positions.ts';

/** Bytes of a file's head that tell it from another one with the same inode. */
const HEAD_BYTES = 256;
/** Bytes before the offset that are read again each time: other bytes there mean the file was rewritten. */
export const OVERLAP_BYTES = 256;

/** Where reading of an open file begins. */
export interface ReadingStart {
  offset: number;
  head: Buffer;
  /** The bytes just before `offset`. */
  overlap: Buffer;
}

/** `more`: read again at once; `end`: nothing left for now; `rewritten`: truncated, perhaps grown again. */
export type ReadOutcome = 'more' | 'end' | 'rewritten';

export class FileGeneration {
  readonly id: string;
  splitter: LineSplitter;
  offset: number;
  head: Buffer;
  overlap: Buffer;
  /** Epoch milliseconds of the last bytes. */
  grewAt = Date.now();
  readonly #handle: FileHandle;

  constructor(handle: FileHandle, id: string, start: ReadingStart, splitter: LineSplitter) {
    this.#handle = handle;
    this.id = id;
    this.splitter = splitter;
    this.offset = start.offset;
    this.head = apart(start.head);
    this.overlap = apart(start.overlap);
  }

  /** As far as bytes were read. */
  get position(): FilePosition {
    const { id, head, offset, overlap, splitter } = this;
    return { id, head: markOf(head), offset, overlap: markOf(overlap), isMidLine: splitter.isMidLine };
  }

  /** As far as whole lines were told: a half line is read again by who goes on from here. */
  get linePosition(): FilePosition {
    const held = this.splitter.heldBytes;
    const overlap = this.overlap.subarray(0, Math.max(0, this.overlap.length - held));
    return { ...this.position, offset: this.offset - held, overlap: markOf(overlap) };
  }

  /** Reads once, at most `buffer.length` bytes, and tells the lines that came to their end, as soon as there is room. */
  async read(buffer: Buffer, room: Room): Promise<ReadOutcome> {
    const known = this.overlap.length;
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.offset - known);
    if (bytesRead < known || this.overlap.compare(buffer, 0, known) !== 0) return 'rewritten';
    if (bytesRead === known) return 'end';

    // Only now: many files may be read at the same time.
    await untilRoom(room);
    const fresh = buffer.subarray(known, bytesRead);
    this.#growHead(fresh);
    this.offset += fresh.length;
    this.#keepOverlap(buffer.subarray(Math.max(0, bytesRead - OVERLAP_BYTES), bytesRead));
    this.grewAt = Date.now();
    this.splitter.push(fresh);
    return bytesRead === buffer.length ? 'more' : 'end';
  }

  /** After a truncation: the same file from its start. */
  restart(splitter: LineSplitter): void {
    this.offset = 0;
    this.head = Buffer.alloc(0);
    this.overlap = Buffer.alloc(0);
    this.splitter = splitter;
  }

  /**
   * True where the other file, with this many bytes, is a copy of this one as it was read, whole or not; of one that was not read
   * so far, as it is now.
   */
  async isCopiedBy(other: FileHandle, size: number): Promise<boolean> {
    // As it is now: it may be read on, or begun anew, while the other one is looked at.
    const { offset } = this;
    const last = Buffer.from(this.overlap);
    const head = offset > 0 ? Buffer.from(this.head) : await readHead(this.#handle);
    const end = offset > 0 ? Math.min(size, offset) : size;
    const otherHead = await readHead(other);
    const common = Math.min(head.length, otherHead.length, end);
    if (common === 0 || head.compare(otherHead, 0, common, 0, common) !== 0) return false;
    const overlap = end === offset ? last : await readBytes(this.#handle, end - OVERLAP_BYTES, end);
    // Shorter by now than the other one was: it was truncated. A copy that was being made until then is whole now.
    if (end !== offset && overlap.length < Math.min(OVERLAP_BYTES, end)) {
      const { size: whole } = await other.stat();
      return whole > size && this.isCopiedBy(other, whole);
    }
    return overlap.equals(await readBytes(other, end - overlap.length, end));
  }

  /** Epoch nanoseconds of the last write. */
  async writtenNs(): Promise<bigint> {
    return (await this.#handle.stat({ bigint: true })).mtimeNs;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** A file shorter than its head grows it as it is read. */
  #growHead(fresh: Buffer): void {
    const missing = HEAD_BYTES - this.head.length;
    if (missing > 0 && this.offset === this.head.length) {
      this.head = apart(Buffer.concat([this.head, fresh.subarray(0, missing)]));
    }
  }

  #keepOverlap(bytes: Buffer): void {
    if (bytes.length === this.overlap.length) bytes.copy(this.overlap);
    else this.overlap = apart(bytes);
  }
}

export function fileId(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}`;
}

/** Where to go on in a file that is as it was at `position`, perhaps with more behind it; null where it is not. */
export async function resume(handle: FileHandle, position: FilePosition): Promise<ReadingStart | null> {
  const { offset } = position;
  const head = await readHead(handle);
  const overlap = await readBytes(handle, offset - position.overlap.bytes, offset);
  if (overlap.length < position.overlap.bytes) return null;
  return beginsAs(head, position.head) && beginsAs(overlap, position.overlap)
    ? { offset, head, overlap }
    : null;
}

/** Up to HEAD_BYTES from the start of a file. */
export function readHead(handle: FileHandle): Promise<Buffer> {
  return readBytes(handle, 0, HEAD_BYTES);
}

/** Shorter where the file is. */
async function readBytes(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const start = Math.max(0, from);
  const bytes = Buffer.alloc(Math.max(0, to - start));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
  return bytes.subarray(0, bytesRead);
}

/** NUL bytes among others; all NULs is the hole a truncation left under a writer, and text follows it. */
export function looksBinary(head: Buffer): boolean {
  return head.includes(0) && head.some((byte) => byte !== 0);
}

/** A copy with memory of its own: one out of Node's pool keeps all 64 KiB of it for as long as the file is followed. */
function apart(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}
