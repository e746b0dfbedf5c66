/**
 * The gzip stream of one reader (RFC 1952), put together from blocks that went to all readers of its view and blocks of its
 * own. Its checksum costs nothing per event: over a run of shared blocks it follows from the view's own at both ends.
 */
import { crc32 } from 'node:zlib';
import { combineCrc32, shiftCrc32 } from './crc32-combine.ts';
import { deflateBlock } from './deflate-block.ts';
import type { StreamCounts } from './stream-counts.ts';
import type { ViewBlock } from './view-history.ts';

/** Magic, deflate, no flags, no time, no hint, system unknown. */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty block with fixed codes, marked as the last one. */
const lastBlock = Buffer.from([3, 0]);

/** Bytes that many readers get at their beginning, compressed once. */
export interface Deflated {
  block: Buffer;
  crc: number;
  size: number;
}

export function deflateOnce(bytes: Buffer, counts: StreamCounts): Deflated {
  return { block: deflateBlock(bytes, null, counts), crc: crc32(bytes), size: bytes.length };
}

export class GzipStream {
  readonly #counts: StreamCounts;
  /** Of all before the run under way. */
  #crc = 0;
  #size = 0;
  /** The run of shared blocks that this reader got without anything else between: its first number and the newest block. */
  #runFrom = 0;
  #runCrc = 0;
  #runSize = 0;
  #newest: ViewBlock | null = null;

  constructor(counts: StreamCounts) {
    this.#counts = counts;
  }

  /** Leaves once, before everything else. */
  get header(): Buffer {
    return header;
  }

  /** Bytes for this reader alone. */
  own(bytes: Buffer): Buffer {
    this.settle();
    this.#append(crc32(bytes), bytes.length);
    return deflateBlock(bytes, null, this.#counts);
  }

  /** Bytes that were compressed for several readers, none of whom is asked what it got before. */
  once({ block, crc, size }: Deflated): Buffer {
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

  /** `bytes` are the last of the stream. */
  end(bytes: Buffer): Buffer {
    const block = this.own(bytes);
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#crc, 0);
    trailer.writeUInt32LE(this.#size % 2 ** 32, 4);
    return Buffer.concat([block, lastBlock, trailer]);
  }

  #append(crc: number, size: number): void {
    this.#crc = combineCrc32(this.#crc, crc, size);
    this.#size += size;
  }
}
