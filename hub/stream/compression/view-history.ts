/**
 * What a view has sent of late, for its readers that take one encoding: each new block is compressed against it once, and a
 * second time without it for readers that were not there.
 */
import { crc32 } from 'node:zlib';
import type { StreamCounts } from '../stream-counts.ts';
import { compressCounted, type Codec } from './codec.ts';

/** Where a block stands among those of its view, and what was before it. */
interface Place {
  index: number;
  historyFrom: number;
  crc: number;
  size: number;
}

/** A block of a view in both of its compressed forms; each is made when the first reader needs it. */
export class ViewBlock {
  /** Blocks of one view are numbered without a gap. */
  readonly index: number;
  /** A reader needs every block from this one on to understand the form with history. */
  readonly historyFrom: number;
  /** CRC-32 and length of the text of all blocks of the view before and after this one. */
  readonly crcBefore: number;
  readonly sizeBefore: number;
  readonly crcAfter: number;
  readonly sizeAfter: number;
  readonly #codec: Codec;
  readonly #text: Buffer;
  readonly #history: Buffer;
  readonly #counts: StreamCounts;
  #following: Buffer | null = null;
  #alone: Buffer | null = null;

  constructor(codec: Codec, text: Buffer, history: Buffer, place: Place, counts: StreamCounts) {
    this.#codec = codec;
    this.#text = text;
    this.#history = history;
    this.#counts = counts;
    this.index = place.index;
    this.historyFrom = place.historyFrom;
    this.crcBefore = place.crc;
    this.sizeBefore = place.size;
    this.crcAfter = crc32(text, place.crc);
    this.sizeAfter = place.size + text.length;
  }

  /** For readers whose stream ends with the view's history. */
  get following(): Buffer {
    return (this.#following ??= compressCounted(this.#codec, this.#text, this.#history, this.#counts));
  }

  /** For all others. */
  get alone(): Buffer {
    return (this.#alone ??= compressCounted(this.#codec, this.#text, null, this.#counts));
  }
}

export class ViewHistory {
  readonly #codec: Codec;
  readonly #counts: StreamCounts;
  /** The end of all blocks so far as a reader has them, as far as the codec can point back. */
  #window = Buffer.alloc(0);
  /** Lengths of the blocks that the window holds a part of; the oldest has the number `#from`. */
  readonly #lengths: number[] = [];
  #held = 0;
  #from = 0;
  #index = 0;
  #crc = 0;
  #size = 0;

  constructor(codec: Codec, counts: StreamCounts) {
    this.#codec = codec;
    this.#counts = counts;
  }

  /** The next block of the view. */
  add(text: Buffer): ViewBlock {
    const place = { index: this.#index, historyFrom: this.#from, crc: this.#crc, size: this.#size };
    const block = new ViewBlock(this.#codec, text, this.#window, place, this.#counts);
    this.#index++;
    this.#crc = block.crcAfter;
    this.#size = block.sizeAfter;
    this.#slide(text);
    return block;
  }

  #slide(text: Buffer): void {
    const { historyBytes, padding } = this.#codec;
    const length = text.length + padding.length;
    const joined = Buffer.concat([this.#window, text, padding]);
    this.#window = joined.subarray(Math.max(0, joined.length - historyBytes));
    this.#lengths.push(length);
    this.#held += length;
    while (this.#held - this.#lengths[0]! >= historyBytes) {
      this.#held -= this.#lengths.shift()!;
      this.#from++;
    }
  }
}
