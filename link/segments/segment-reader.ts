/** Reading a log's segments block by block, and noticing what is missing. */
import { open } from 'node:fs/promises';
import { setAside } from './damaged-files.ts';
import { readBlock, type RawBlock } from './read-block.ts';
import { SEGMENT_HEADER_BYTES, type SegmentFile } from './segment-file.ts';
import type { DamagedSpan, KeptRecord, ReadBlock, ReadPosition } from './segment-log.ts';

export class SegmentReader {
  readonly #dir: string;
  /** Spans told before, by the number of their first record. */
  readonly #told = new Set<number>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** One block of the segment that `from` points into, or of the first one behind it. */
  async read(
    segments: readonly SegmentFile[],
    from: ReadPosition | null,
    maxBytes: number,
  ): Promise<ReadBlock> {
    const at = segments.findIndex(({ first }) => from === null || first >= from.first);
    const segment = segments[at];
    if (!segment) return { records: [], damaged: [], next: from ?? beginOf(1), isEnd: true };
    const position = from?.first === segment.first ? from : beginOf(segment.first);

    // The active one grows while it is read: what counts is where it ended before.
    const { bytes, last } = segment;
    const raw = await this.#readRaw(segment, position.offset, bytes, maxBytes);
    const isRead = raw.next >= bytes;
    const block = await this.#check(segment, position, raw, isRead ? last + 1 : null);
    const following = segments[at + 1];
    const next = isRead && following ? beginOf(following.first) : block.next;
    return { ...block, next, isEnd: isRead && !following };
  }

  /** A segment that cannot be read at all is damaged from there to its end. */
  async #readRaw(segment: SegmentFile, offset: number, end: number, maxBytes: number): Promise<RawBlock> {
    if (offset >= end) return { records: [], damaged: [], next: end };
    try {
      await using handle = await open(segment.path, 'r');
      return await readBlock(handle, segment.first, offset, end, maxBytes);
    } catch {
      return { records: [], damaged: [], next: end };
    }
  }

  /** `behindLast`: the number after the segment's newest where the block reaches its end; else null. */
  async #check(
    segment: SegmentFile,
    position: ReadPosition,
    raw: RawBlock,
    behindLast: number | null,
  ): Promise<Omit<ReadBlock, 'isEnd'>> {
    const records: KeptRecord[] = [];
    const damaged: DamagedSpan[] = [];
    let isNewDamage = true;
    for (const { offset, bytes } of raw.damaged) {
      const isNew = await setAside(this.#dir, segment.first, offset, bytes);
      isNewDamage &&= isNew;
    }
    let expected = position.number;
    const missing = (upTo: number) => {
      if (upTo <= expected) return;
      const isNew = isNewDamage && !this.#told.has(expected);
      this.#told.add(expected);
      damaged.push({ segment, first: expected, count: upTo - expected, isNew });
    };
    for (const { number, payload, isHead } of raw.records) {
      if (!isHead) {
        // Numbers only rise; one that does not is a stale piece of the file.
        if (number < expected || number > segment.last) continue;
        missing(number);
        expected = number + 1;
      }
      records.push({ number, payload, segment, isHead });
    }
    if (behindLast !== null) {
      missing(behindLast);
      expected = Math.max(expected, behindLast);
    }
    return { records, damaged, next: { first: segment.first, offset: raw.next, number: expected } };
  }
}

export function beginOf(first: number): ReadPosition {
  return { first, offset: SEGMENT_HEADER_BYTES, number: first };
}
