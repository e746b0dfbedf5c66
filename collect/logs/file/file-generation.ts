/**
 * One open log file: its identity, how far it was read, and its half line. A path has many of these
 * over time, one after each rotation.
 */
import { Buffer } from 'node:buffer';
import { readSync, type BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { WatchlineError } from '../../../shared/errors.ts';
import type { LineSplitter } from '../line-splitter.ts';
import { untilRoom, type Room } from '../room.ts';
import { beginsAs, markOf } from './byte-mark.ts';
import type { FilePosition } from './kept-positions.ts';
import {
  fromTheStart,
  OVERLAP_BYTES,
  readBytes,
  ReadContent,
  readHead,
  type ReadingStart,
} from './read-content.ts';

/** `more`: read again at once; `end`: nothing left for now; `rewritten`: truncated, perhaps grown again. */
export type ReadOutcome = 'more' | 'end' | 'rewritten';

/** Reads without a wait that may follow each other: then the event loop has its turn. */
const READS_OF_A_TURN = 3;

export class FileGeneration {
  readonly id: string;
  splitter: LineSplitter;
  /** Epoch milliseconds of the last bytes. */
  grewAt = Date.now();
  readonly #handle: FileHandle;
  readonly #isLocal: boolean;
  #content: ReadContent;
  /** It was read to its end: what is behind that was written since. */
  #isCaughtUp = false;
  #readsOfTurn = 0;

  /** @param isLocal see `OpenedLogFile`. Default false. */
  constructor(handle: FileHandle, id: string, start: ReadingStart, splitter: LineSplitter, isLocal = false) {
    this.#handle = handle;
    this.id = id;
    this.splitter = splitter;
    this.#isLocal = isLocal;
    this.#content = new ReadContent(start);
  }

  get offset(): number {
    return this.#content.offset;
  }

  /** As far as bytes were read. */
  get position(): FilePosition {
    const { id, splitter } = this;
    const { head, offset, overlap, keptPlaces: places } = this.#content;
    const { isMidLine } = splitter;
    return { id, head: markOf(head), offset, overlap: markOf(overlap), isMidLine, places };
  }

  /** As far as whole lines were told: a half line is read again by who goes on from here. */
  get linePosition(): FilePosition {
    const held = this.splitter.heldBytes;
    const whole = this.#content.overlap;
    const overlap = whole.subarray(0, Math.max(0, whole.length - held));
    return { ...this.position, offset: this.offset - held, overlap: markOf(overlap) };
  }

  /** Reads once, at most `buffer.length` bytes, and tells the lines that came to their end, as soon as there is room. */
  async read(buffer: Buffer, room: Room): Promise<ReadOutcome> {
    const content = this.#content;
    const known = content.overlap.length;
    const bytesRead = await this.#readAt(content.offset - known, buffer);
    if (bytesRead < known || content.overlap.compare(buffer, 0, known) !== 0) return 'rewritten';
    if (bytesRead < buffer.length) this.#isCaughtUp = true;
    if (bytesRead === known) return 'end';

    // Only now: many files may be read at the same time.
    await untilRoom(room);
    content.grow(buffer.subarray(0, bytesRead));
    this.grewAt = Date.now();
    this.splitter.push(buffer.subarray(known, bytesRead));
    return bytesRead === buffer.length ? 'more' : 'end';
  }

  /** After a truncation: the same file from its start. */
  restart(splitter: LineSplitter): void {
    this.#content = new ReadContent();
    this.splitter = splitter;
    this.#isCaughtUp = false;
  }

  /**
   * True where the other file, with this many bytes, is a copy of this one as it was read, whole or not; of one that was not read
   * so far, as it is now.
   */
  async isCopiedBy(other: FileHandle, size: number): Promise<boolean> {
    // It may be begun anew while the other one is looked at.
    const content = this.#content;
    const { offset } = content;
    const end = offset > 0 ? Math.min(size, offset) : size;
    const last =
      end === offset ? Buffer.from(content.overlap) : await readBytes(this.#handle, end - OVERLAP_BYTES, end);
    const seen =
      offset > 0 ? content : new ReadContent({ ...fromTheStart, head: await readHead(this.#handle) });
    if ((await seen.likenessOf(other, size)) === 'none') return false;
    // Shorter by now than the other one: it was truncated.
    if (last.length < Math.min(OVERLAP_BYTES, end)) return offset > 0;
    return last.equals(await readBytes(other, end - last.length, end));
  }

  /** Epoch nanoseconds of the last write. */
  async writtenNs(): Promise<bigint> {
    return (await this.#handle.stat({ bigint: true })).mtimeNs;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** What a disk of this machine was just given is in memory: reading it takes a tenth of a trip through the thread pool. */
  async #readAt(position: number, buffer: Buffer): Promise<number> {
    if (this.#isLocal && this.#isCaughtUp && this.#readsOfTurn < READS_OF_A_TURN) {
      const bytesRead = readSync(this.#handle.fd, buffer, 0, buffer.length, position);
      this.#readsOfTurn = bytesRead < buffer.length ? 0 : this.#readsOfTurn + 1;
      return bytesRead;
    }
    this.#readsOfTurn = 0;
    return (await this.#handle.read(buffer, 0, buffer.length, position)).bytesRead;
  }
}

export function fileId(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}`;
}

/**
 * Where to go on in a file that is as it was at `position`, perhaps with more behind it; null where it is not, and where nothing was read of
 * it: the head it has now may be truncated before it is read.
 */
export async function resume(handle: FileHandle, position: FilePosition): Promise<ReadingStart | null> {
  const { offset } = position;
  if (offset === 0) return null;
  const head = await readHead(handle);
  const overlap = await readBytes(handle, offset - position.overlap.bytes, offset);
  if (overlap.length < position.overlap.bytes) return null;
  return beginsAs(head, position.head) && beginsAs(overlap, position.overlap)
    ? { offset, head, overlap, places: position.places ?? [] }
    : null;
}

/** NUL bytes behind others; NULs at the beginning are the hole a truncation left under a writer, and text follows it. */
export function looksBinary(head: Buffer): boolean {
  const hole = head.findIndex((byte) => byte !== 0);
  return hole !== -1 && head.includes(0, hole);
}

export function refuseBinary(file: string, head: Buffer): void {
  if (!looksBinary(head)) return;
  throw new WatchlineError('log-binary', `${file} holds binary data, so it is not followed.`, {
    remedy: 'Leave it out with `logs.exclude`.',
  });
}
