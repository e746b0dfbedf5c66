/** Reads some records of a segment, from a place on, over whatever is damaged there. */
import type { FileHandle } from 'node:fs/promises';
import { nextRecordAfter, RECORD_HEADER_BYTES, recordAt, type FramedRecord } from './record-format.ts';
import { readAt } from './segment-file.ts';

/** Bytes that are no record, between two that are, or behind the last. */
export interface DamagedBytes {
  offset: number;
  bytes: Buffer;
  /** How many records of the block stand before it. */
  behind: number;
  /** True where it looks like the beginning of a record whose end was never written, and nothing stands behind. */
  isTorn: boolean;
}

export interface RawBlock {
  records: FramedRecord[];
  damaged: DamagedBytes[];
  /** Where the next block begins; `end` when all was read. */
  next: number;
}

/**
 * About `maxBytes` from `offset` on, more where one record or one damaged place is longer. `end` is where the segment ends;
 * a file that is shorter ends there. `first` is the segment's first number. Throws what the file system throws.
 */
export async function readBlock(
  handle: FileHandle,
  first: number,
  offset: number,
  end: number,
  maxBytes: number,
): Promise<RawBlock> {
  for (let wanted = Math.max(maxBytes, RECORD_HEADER_BYTES); ; wanted *= 4) {
    const length = Math.min(wanted, end - offset);
    const buffer = await readAt(handle, offset, length);
    const isRest = length === end - offset || buffer.length < length;
    const block = parseBlock(buffer, offset, first, isRest);
    if (isRest) return { ...block, next: end };
    if (block.next > offset) return block;
  }
}

function parseBlock(buffer: Buffer, offset: number, first: number, isRest: boolean): RawBlock {
  const records: FramedRecord[] = [];
  const damaged: DamagedBytes[] = [];
  let at = 0;
  while (at < buffer.length) {
    const found = recordAt(buffer, at, first);
    if (found !== null && found !== 'short') {
      records.push(found);
      at += RECORD_HEADER_BYTES + found.payload.length;
      continue;
    }
    // Cut by the block's end, or damaged: which of them shows when all bytes are there.
    if (!isRest) break;
    const next = nextRecordAfter(buffer, at, first);
    damaged.push({
      offset: offset + at,
      bytes: buffer.subarray(at, next ?? buffer.length),
      behind: records.length,
      isTorn: next === null && found === 'short',
    });
    at = next ?? buffer.length;
  }
  return { records, damaged, next: offset + at };
}
