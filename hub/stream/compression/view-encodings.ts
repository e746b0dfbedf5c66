/** What a view's batches are compressed with: one history for each encoding that a reader of it takes. */
import type { StreamCounts } from '../stream-counts.ts';
import type { Codec } from './codec.ts';
import { ViewHistory, type ViewBlock } from './view-history.ts';

/** A batch in every encoding that is asked for. */
export type EncodedBatch = ReadonlyMap<Codec, ViewBlock>;

const plainOnly: EncodedBatch = new Map();

export class ViewEncodings {
  readonly #counts: StreamCounts;
  readonly #inUse = new Map<Codec, { history: ViewHistory; readers: number }>();

  constructor(counts: StreamCounts) {
    this.#counts = counts;
  }

  /** How many readers take an encoding. */
  get readers(): number {
    let sum = 0;
    for (const { readers } of this.#inUse.values()) sum += readers;
    return sum;
  }

  add(codec: Codec): void {
    const used = this.#inUse.get(codec);
    if (used) used.readers++;
    else this.#inUse.set(codec, { history: new ViewHistory(codec, this.#counts), readers: 1 });
  }

  remove(codec: Codec): void {
    const used = this.#inUse.get(codec)!;
    if (--used.readers === 0) this.#inUse.delete(codec);
  }

  /** The next batch of the view. */
  encode(text: Buffer): EncodedBatch {
    if (this.#inUse.size === 0) return plainOnly;
    const blocks = new Map<Codec, ViewBlock>();
    for (const [codec, { history }] of this.#inUse) blocks.set(codec, history.add(text));
    return blocks;
  }
}
