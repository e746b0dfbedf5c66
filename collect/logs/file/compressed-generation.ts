/** The rest of a file that was compressed before it was read to its end, as logrotate does at once where `delaycompress` is not set. */
import { Buffer } from 'node:buffer';
import { open } from 'node:fs/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { LineSplitter } from '../line-splitter.ts';
import { untilRoom, type Room } from '../room.ts';
import { beginsAs, markOf } from './byte-mark.ts';
import { GENERATION_FLAGS, listCompressed } from './earlier-generations.ts';
import { OVERLAP_BYTES } from './read-content.ts';
import type { FilePosition } from './kept-positions.ts';

/** Unpacked at most: no log between two rotations is larger, and what unpacks to more was made to. */
const MAX_UNPACKED_BYTES = 16 * 1024 ** 3;

export interface CompressedRest {
  path: string;
  position: FilePosition;
  splitter: LineSplitter;
  room: Room;
  /** How far lines were told by now: after each piece of it. */
  onRead: (position: FilePosition) => void;
  isEnded: () => boolean;
}

/** True where a compressed file begins with what was read up to `position`, and all behind it was told. */
export async function readCompressedRest(rest: CompressedRest): Promise<boolean> {
  if (rest.position.offset === 0) return false;
  for (const file of await listCompressed(rest.path)) {
    if (await readRest(file, rest).catch(() => false)) return true;
  }
  return false;
}

/** False where it is another file. Throws where it cannot be unpacked. */
async function readRest(file: string, rest: CompressedRest): Promise<boolean> {
  const { position, splitter, room, onRead, isEnded } = rest;
  await using handle = await open(file, GENERATION_FLAGS);
  const unpacked = handle
    .createReadStream({ autoClose: false })
    .pipe(file.endsWith('.gz') ? createGunzip() : createZstdDecompress());
  let offset = 0;
  /** The bytes before `offset`, as many as are needed to know the place by. */
  let tail: Buffer = Buffer.alloc(0);
  let head: Buffer = Buffer.alloc(0);
  for await (const each of unpacked) {
    const chunk = each as Buffer;
    if (offset + chunk.length > MAX_UNPACKED_BYTES) return offset > position.offset;
    if (head.length < position.head.bytes) {
      head = Buffer.concat([head, chunk.subarray(0, position.head.bytes - head.length)]);
      if (head.length >= position.head.bytes && !beginsAs(head, position.head)) return false;
    }
    const ahead = Math.max(0, Math.min(chunk.length, position.offset - offset));
    tail = lastOf(tail, chunk.subarray(0, ahead));
    offset += ahead;
    if (ahead === chunk.length && offset <= position.offset) continue;
    if (offset === position.offset && !isAsBefore(tail, position)) return false;
    await untilRoom(room);
    if (isEnded()) return true;
    const fresh = chunk.subarray(ahead);
    splitter.push(fresh);
    tail = lastOf(tail, fresh);
    offset += fresh.length;
    onRead(placeOf(position, offset, tail, splitter));
  }
  return offset > position.offset || (offset === position.offset && isAsBefore(tail, position));
}

function isAsBefore(tail: Buffer, { overlap }: FilePosition): boolean {
  return beginsAs(tail.subarray(Math.max(0, tail.length - overlap.bytes)), overlap);
}

function placeOf(from: FilePosition, offset: number, tail: Buffer, splitter: LineSplitter): FilePosition {
  const held = splitter.heldBytes;
  const overlap = markOf(tail.subarray(0, Math.max(0, tail.length - held)));
  return { ...from, offset: offset - held, overlap, isMidLine: splitter.isMidLine };
}

function lastOf(before: Buffer, fresh: Buffer): Buffer {
  if (fresh.length >= OVERLAP_BYTES) return Buffer.from(fresh.subarray(-OVERLAP_BYTES));
  return Buffer.concat([before, fresh]).subarray(-OVERLAP_BYTES);
}
