/** All series of a host over one span of a tier, while it is made or changed. */
import { Buckets } from '../codec/buckets.ts';
import type { Rows } from '../codec/rows.ts';
import type { Tier } from '../ladder.ts';
import type { HostBlocks } from './host-blocks.ts';
import { bucketsOf, spansWithin, type Stretch } from './spans.ts';

export class SpanBuckets {
  readonly tier: number;
  readonly span: number;
  readonly #ladder: readonly Tier[];
  readonly #series = new Map<string, Buckets>();
  /** Of the host: only when its samples were is asked of it. */
  readonly #host: Buckets;

  constructor(ladder: readonly Tier[], tier: number, span: number) {
    this.tier = tier;
    this.span = span;
    this.#ladder = ladder;
    this.#host = this.#empty();
  }

  /** As it is stored. */
  static read(blocks: HostBlocks, ladder: readonly Tier[], tier: number, span: number): SpanBuckets {
    const read = new SpanBuckets(ladder, tier, span);
    const moments = blocks.moments(tier, span);
    if (moments === null) return read;
    read.#host.lastAt.set(moments);
    for (const key of blocks.keys) {
      const buckets = blocks.buckets(tier, span, key, moments);
      if (buckets !== null) read.#series.set(key, buckets);
    }
    return read;
  }

  get keys(): Iterable<string> {
    return this.#series.keys();
  }

  clear(stretch: Stretch): void {
    this.#host.clear(stretch.from, stretch.to);
    for (const buckets of this.#series.values()) buckets.clear(stretch.from, stretch.to);
  }

  addRows({ times, columns }: Rows): void {
    this.#host.addColumn(times, times);
    for (const [key, column] of columns) this.#of(key).addColumn(times, column);
  }

  /** What the tier below has of this stretch. */
  addTierBelow(blocks: HostBlocks, stretch: Stretch): void {
    const below = this.tier - 1;
    for (const span of spansWithin(this.#ladder[below]!, stretch)) {
      if (below === 0) this.addRows(blocks.rows(span));
      else this.#addSpan(blocks, below, span, stretch);
    }
  }

  write(blocks: HostBlocks): void {
    const moments = this.#host.lastAt;
    if (moments.every((time) => time === -Infinity)) return;
    blocks.putMoments(this.tier, this.span, moments);
    for (const [key, buckets] of this.#series) blocks.putBuckets(this.tier, this.span, key, buckets, moments);
  }

  #addSpan(blocks: HostBlocks, tier: number, span: number, { from, to }: Stretch): void {
    const moments = blocks.moments(tier, span);
    if (moments === null) return;
    const { start, stepMs } = bucketsOf(this.#ladder[tier]!, span);
    for (let row = 0; row < moments.length; row++) {
      const time = start + row * stepMs;
      if (time >= from && time < to) this.#host.addMoment(moments[row]!);
    }
    for (const key of blocks.keys) {
      const buckets = blocks.buckets(tier, span, key, moments);
      if (buckets !== null) this.#of(key).addBuckets(buckets, from, to);
    }
  }

  #of(key: string): Buckets {
    let buckets = this.#series.get(key);
    if (buckets === undefined) this.#series.set(key, (buckets = this.#empty()));
    return buckets;
  }

  #empty(): Buckets {
    const { start, stepMs, length } = bucketsOf(this.#ladder[this.tier]!, this.span);
    return new Buckets(start, stepMs, length);
  }
}
