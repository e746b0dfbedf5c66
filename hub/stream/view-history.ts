/**
 * What a view has sent of late, for its readers that take gzip: each new block is compressed against it once, and a
 * second time without it for readers that were not there.
 */
import { crc32 } from 'node:zlib';
import { DEFLATE_WINDOW_BYTES, deflateBlock } from './deflate-block.ts';
import type { StreamCounts } from './stream-counts.ts';

/** A block of a view in both of its compressed forms; each is made when the first reader needs it. */
export class ViewBlock {
  /** Blocks of one view are numbered without a gap. */
  readonly index: number;
  /** A reader needs every block from this one on to understand the form with history. */
  readonly historyFrom: number;
  /** CRC-32 and length of all blocks of the view before and after this one. */
  readonly crcBefore: number;
  readonly sizeBefore: number;
  readonly crcAfter: number;
  readonly sizeAfter: number;
  readonly #bytes: Buffer;
  readonly #history: Buffer;
  readonly #counts: StreamCounts;
  #following: Buffer | null = null;
  #alone: Buffer | null = null;

  constructor(
    bytes: Buffer,
    history: Buffer,
    place: { index: number; historyFrom: number; crc: number; size: number },
    counts: StreamCounts,
  ) {
    this.#bytes = bytes;
    this.#history = history;
    this.#counts = counts;
    this.index = place.index;
    this.historyFrom = place.historyFrom;
    this.crcBefore = place.crc;
    this.sizeBefore = place.size;
    this.crcAfter = crc32(bytes, place.crc);
    this.sizeAfter = place.size + bytes.length;
  }

  /** For readers whose stream ends with the view's history. */
  get following(): Buffer {
    return (this.#following ??= deflateBlock(this.#bytes, this.#history, this.#counts));
  }

  /** For all others. */
  get alone(): Buffer {
    return (this.#alone ??= deflateBlock(this.#bytes, null, this.#counts));
  }
}

export class ViewHistory {
  readonly #counts: StreamCounts;
  /** The end of all blocks so far, as far as deflate can point back. */
  #window = Buffer.alloc(0);
  /** Lengths of the blocks that the window holds a part of; the oldest has the number `#from`. */
  readonly #lengths: number[] = [];
  #held = 0;
  #from = 0;
  #index = 0;
  #crc = 0;
  #size = 0;

  constructor(counts: StreamCounts) {
    this.#counts = counts;
  }

  /** The next block of the view. */
  add(bytes: Buffer): ViewBlock {
    const place = { index: this.#index, historyFrom: this.#from, crc: this.#crc, size: this.#size };
    const block = new ViewBlock(bytes, this.#window, place, this.#counts);
    this.#index++;
    this.#crc = block.crcAfter;
    this.#size = block.sizeAfter;
    this.#slide(bytes);
    return block;
  }

  #slide(bytes: Buffer): void {
    const joined = Buffer.concat([this.#window, bytes]);
    this.#window = joined.subarray(Math.max(0, joined.length - DEFLATE_WINDOW_BYTES));
    this.#lengths.push(bytes.length);
    this.#held += bytes.length;
    while (this.#held - this.#lengths[0]! >= DEFLATE_WINDOW_BYTES) {
      this.#held -= this.#lengths.shift()!;
      this.#from++;
    }
  }
}
