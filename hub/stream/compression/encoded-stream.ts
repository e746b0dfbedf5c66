/**
 * The compressed stream of one reader, put together from blocks that went to all readers of its view and blocks of its
 * own. Its checksum costs nothing per event: over a run of shared blocks it follows from the view's own at both ends.
 */
import { crc32 } from 'node:zlib';
import type { StreamCounts } from '../stream-counts.ts';
import { compressCounted, type Checksum, type Codec } from './codec.ts';
import { combineCrc32, shiftCrc32 } from './crc32-combine.ts';
import type { ViewBlock } from './view-history.ts';

/** Bytes that many readers get at their beginning, compressed once. */
export interface EncodedPart extends Checksum {
  block: Buffer;
}

export function encodeOnce(codec: Codec, text: Buffer, counts: StreamCounts): EncodedPart {
  return { block: compressCounted(codec, text, null, counts), crc: crc32(text), size: text.length };
}

export class EncodedStream {
  readonly codec: Codec;
  readonly #counts: StreamCounts;
  /** Of all before the run under way. */
  #crc = 0;
  #size = 0;
  /** The run of shared blocks that this reader got without anything else between: its first number and the newest block. */
  #runFrom = 0;
  #runCrc = 0;
  #runSize = 0;
  #newest: ViewBlock | null = null;

  constructor(codec: Codec, counts: StreamCounts) {
    this.codec = codec;
    this.#counts = counts;
  }

  /** Bytes for this reader alone: whole SSE blocks. */
  own(text: Buffer): Buffer {
    this.settle();
    this.#append(crc32(text), text.length);
    return compressCounted(this.codec, text, null, this.#counts);
  }

  /** Bytes that were compressed for several readers, none of whom is asked what it got before. */
  once({ block, crc, size }: EncodedPart): Buffer {
    this.settle();
    this.#append(crc, size);
    return block;
  }

  shared(block: ViewBlock): Buffer {
    if (this.#newest === null || this.#newest.index + 1 !== block.index) {
      this.settle();
      this.#runFrom = block.index;
      this.#runCrc = block.crcBefore;
      this.#runSize = block.sizeBefore;
    }
    this.#newest = block;
    const isFollowing = this.#runFrom <= block.historyFrom && block.index > this.#runFrom;
    return isFollowing ? block.following : block.alone;
  }

  /** Ends the run: what follows is not known to come right behind the view's history. */
  settle(): void {
    const newest = this.#newest;
    if (newest === null) return;
    this.#newest = null;
    const size = newest.sizeAfter - this.#runSize;
    this.#append((newest.crcAfter ^ shiftCrc32(this.#runCrc, size)) >>> 0, size);
  }

  /** `text` is the last of the stream. */
  end(text: Buffer): Buffer {
    const block = this.own(text);
    return Buffer.concat([block, this.codec.trailer({ crc: this.#crc, size: this.#size })]);
  }

  #append(crc: number, size: number): void {
    this.#crc = combineCrc32(this.#crc, crc, size);
    this.#size += size;
  }
}
