/**
 * One open log file: its identity, how far it was read, and its half line. A path has many of these
 * over time, one after each rotation.
 */
import { Buffer } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { LineSplitter } from '../line-splitter.ts';

/** Bytes of a file's head that tell it from another one with the same inode. */
export const HEAD_BYTES = 256;
/** Bytes before the offset that are read again each time: other bytes there mean the file was rewritten. */
export const OVERLAP_BYTES = 256;

/** What is needed to go on where reading stopped. Plain values: it may be kept on disk. */
export interface FilePosition {
  /** Device and inode. ext4 gives a deleted file's inode to the next one: `head` tells them apart. */
  id: string;
  head: Buffer;
  offset: number;
  /** The bytes just before `offset`; empty where nothing was read yet, or where only a half line was. */
  overlap: Buffer;
  /** True within a line whose start was told, cut, or left out: its rest is skipped. */
  isMidLine: boolean;
}

/** `more`: read again at once; `end`: nothing left for now; `rewritten`: truncated, perhaps grown again. */
export type ReadOutcome = 'more' | 'end' | 'rewritten';

export class FileGeneration {
  readonly id: string;
  readonly birthtimeNs: bigint;
  splitter: LineSplitter;
  offset: number;
  head: Buffer;
  overlap: Buffer;
  /** Epoch milliseconds of the last bytes. */
  grewAt = Date.now();
  readonly #handle: FileHandle;

  constructor(
    handle: FileHandle,
    stats: BigIntStats,
    position: Pick<FilePosition, 'offset' | 'head' | 'overlap'>,
    splitter: LineSplitter,
  ) {
    this.#handle = handle;
    this.id = fileId(stats);
    this.birthtimeNs = stats.birthtimeNs;
    this.splitter = splitter;
    this.offset = position.offset;
    this.head = apart(position.head);
    this.overlap = apart(position.overlap);
  }

  /** As far as bytes were read. */
  get position(): FilePosition {
    const { id, head, offset, overlap, splitter } = this;
    return { id, head, offset, overlap, isMidLine: splitter.isMidLine };
  }

  /** As far as whole lines were told: a half line is read again by who goes on from here. */
  get linePosition(): FilePosition {
    const held = this.splitter.heldBytes;
    const overlap = this.overlap.subarray(0, Math.max(0, this.overlap.length - held));
    return { ...this.position, offset: this.offset - held, overlap };
  }

  /** Reads once, at most `buffer.length` bytes, and tells the lines that came to their end. */
  async read(buffer: Buffer): Promise<ReadOutcome> {
    const known = this.overlap.length;
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.offset - known);
    if (bytesRead < known || this.overlap.compare(buffer, 0, known) !== 0) return 'rewritten';
    if (bytesRead === known) return 'end';

    const fresh = buffer.subarray(known, bytesRead);
    this.#growHead(fresh);
    this.offset += fresh.length;
    this.overlap = apart(buffer.subarray(Math.max(0, bytesRead - OVERLAP_BYTES), bytesRead));
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

  /** The file's head as it is now. */
  async readHead(): Promise<Buffer> {
    return readHead(this.#handle);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** A file shorter than its head grows it as it is read. */
  #growHead(fresh: Buffer): void {
    const missing = HEAD_BYTES - this.head.length;
    if (missing > 0 && this.offset === this.head.length) {
      this.head = Buffer.concat([this.head, fresh.subarray(0, missing)]);
    }
  }
}

export function fileId(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}`;
}

/** Up to HEAD_BYTES from the start of a file. */
export async function readHead(handle: FileHandle): Promise<Buffer> {
  const head = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
  return head.subarray(0, bytesRead);
}

/** True where a file with this head may be the one that `position` was taken from. */
export function hasHeadOf(head: Buffer, position: Pick<FilePosition, 'head'>): boolean {
  return head.length >= position.head.length && position.head.compare(head, 0, position.head.length) === 0;
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
