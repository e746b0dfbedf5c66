/** Compresses what readers get at their beginning: much of it is the same for all that come at one moment. */
import type { StreamCounts } from '../stream-counts.ts';
import type { Codec } from './codec.ts';
import { encodeOnce, type EncodedPart, type EncodedStream } from './encoded-stream.ts';

/** A part of an opening this large is a snapshot's or a large event's: the next reader gets the same. */
const SHARED_PART_BYTES = 1024;

export class OpeningEncoder {
  readonly #counts: StreamCounts;
  /** Compressed parts, each for as long as the part itself is kept. */
  readonly #encoded = new WeakMap<Buffer, Map<Codec, EncodedPart>>();

  constructor(counts: StreamCounts) {
    this.#counts = counts;
  }

  /** The stream's first blocks. Large parts by themselves, because they are compressed once; small ones together. */
  encode(parts: readonly Buffer[], stream: EncodedStream): Buffer[] {
    const blocks = [stream.codec.header];
    let small: Buffer[] = [];
    const flushSmall = () => {
      if (small.length > 0) blocks.push(stream.own(Buffer.concat(small)));
      small = [];
    };
    for (const part of parts) {
      if (part.length < SHARED_PART_BYTES) {
        small.push(part);
        continue;
      }
      flushSmall();
      blocks.push(stream.once(this.#encodedOnce(stream.codec, part)));
    }
    flushSmall();
    return blocks;
  }

  #encodedOnce(codec: Codec, part: Buffer): EncodedPart {
    let forms = this.#encoded.get(part);
    if (!forms) this.#encoded.set(part, (forms = new Map<Codec, EncodedPart>()));
    let encoded = forms.get(codec);
    if (!encoded) forms.set(codec, (encoded = encodeOnce(codec, part, this.#counts)));
    return encoded;
  }
}
