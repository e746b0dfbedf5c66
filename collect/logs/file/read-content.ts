/** What a log file held as far as it was read: enough to know it again, and a copy of it when the file itself was truncated. */
import { Buffer } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { beginsAs, markOf } from './byte-mark.ts';
import type { PassedPlace } from './kept-positions.ts';

/** Bytes of a file's head that tell it from another one with the same inode. */
const HEAD_BYTES = 256;
/** Bytes before the offset that are read again each time: other bytes there mean the file was rewritten. */
export const OVERLAP_BYTES = 256;
/** Places on the way that are known at most: the first one, and of the others those of late closer together. */
const MAX_PLACES = 16;
/** Of these are kept on disk, besides the first one. */
const KEPT_PLACES = 3;

const nothing = Buffer.alloc(0);

/** Where reading of an open file begins. */
export interface ReadingStart {
  offset: number;
  head: Buffer;
  /** The bytes just before `offset`. */
  overlap: Buffer;
  /** Where earlier reads ended. Oldest first. */
  places: readonly PassedPlace[];
}

/** The head is that of the bytes which are read then: the file may be truncated before. */
export const fromTheStart: ReadingStart = { offset: 0, head: nothing, overlap: nothing, places: [] };

/** `place`: at the last known place that it reaches, too. `head`: it reaches none. */
export type Likeness = 'none' | 'head' | 'place';

export class ReadContent {
  offset: number;
  head: Buffer;
  /** The bytes just before `offset`. */
  overlap: Buffer;
  /** Where reads ended. Oldest first. */
  #places: PassedPlace[];

  constructor(start = fromTheStart) {
    this.offset = start.offset;
    this.head = apart(start.head);
    this.overlap = apart(start.overlap);
    this.#places = [...start.places];
    if (start.offset > 0) this.#keepPlace();
  }

  /** For a disk. */
  get keptPlaces(): PassedPlace[] {
    return [...this.#places.slice(0, 1), ...this.#places.slice(1).slice(-KEPT_PLACES)];
  }

  /** @param bytes those of `overlap`, and what was read behind them; not kept */
  grow(bytes: Buffer): void {
    const fresh = bytes.subarray(this.overlap.length);
    const missing = HEAD_BYTES - this.head.length;
    if (missing > 0 && this.offset === this.head.length)
      this.head = apart(Buffer.concat([this.head, fresh.subarray(0, missing)]));
    this.offset += fresh.length;
    const last = bytes.subarray(-OVERLAP_BYTES);
    if (last.length === this.overlap.length) last.copy(this.overlap);
    else this.overlap = apart(last);
    this.#keepPlace();
  }

  /** How much of another file, which has this many bytes, was seen to be the same. */
  async likenessOf(other: FileHandle, size: number): Promise<Likeness> {
    // It may grow while the other one is read.
    const { head } = this;
    const place = this.#places.findLast(({ offset }) => offset <= size);
    const otherHead = await readHead(other);
    const common = Math.min(head.length, otherHead.length, size);
    if (common === 0 || head.compare(otherHead, 0, common, 0, common) !== 0) return 'none';
    if (place === undefined) return 'head';
    const { offset, overlap } = place;
    return beginsAs(await readBytes(other, offset - overlap.bytes, offset), overlap) ? 'place' : 'none';
  }

  #keepPlace(): void {
    if (this.#places.length === MAX_PLACES)
      this.#places = this.#places.filter((_, index) => index === 0 || index % 2 === 1);
    this.#places.push({ offset: this.offset, overlap: markOf(this.overlap) });
  }
}

/** Up to HEAD_BYTES from the start of a file. */
export function readHead(handle: FileHandle): Promise<Buffer> {
  return readBytes(handle, 0, HEAD_BYTES);
}

/** Shorter where the file is. */
export async function readBytes(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const start = Math.max(0, from);
  const bytes = Buffer.alloc(Math.max(0, to - start));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
  return bytes.subarray(0, bytesRead);
}

/** A copy with memory of its own: one out of Node's pool keeps all 64 KiB of it for as long as the file is followed. */
function apart(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}
