/** The blocks of one host: rows in the finest tier, buckets in the others, read and written whole. */
import { packBuckets, packMoments, unpackBuckets, unpackMoments } from '../codec/bucket-block.ts';
import type { Buckets } from '../codec/buckets.ts';
import { noRows, type Rows } from '../codec/rows.ts';
import { packSheet, Sheet } from '../codec/sheet.ts';
import type { Tier } from '../ladder.ts';
import { DamagedHistoryError } from './damage.ts';
import type { HistoryFile } from './history-file.ts';
import { TIMES } from './tables.ts';
import { bucketsOf, stretchOf } from './spans.ts';

/** Series of one host past these are left out, as in the recent ring: each is a row in every span. */
const MAX_SERIES = 4_096;

export interface HostBlocksOptions {
  file: HistoryFile;
  ladder: readonly Tier[];
  /** A block cannot be read: it is passed over, and what stands in it is lost. */
  onDamaged: (error: DamagedHistoryError) => void;
}

export class HostBlocks {
  readonly host: string;
  readonly #file: HistoryFile;
  readonly #ladder: readonly Tier[];
  readonly #onDamaged: (error: DamagedHistoryError) => void;
  readonly #series: Map<string, number>;

  constructor(host: string, { file, ladder, onDamaged }: HostBlocksOptions) {
    this.host = host;
    this.#file = file;
    this.#ladder = ladder;
    this.#onDamaged = onDamaged;
    this.#series = file.seriesOf(host);
  }

  /** All it ever had, in the order they came. */
  get keys(): string[] {
    return [...this.#series.keys()].filter((key) => key !== TIMES);
  }

  /** `keys`: which columns. */
  rows(span: number, keys: Iterable<string> = this.keys): Rows {
    const sheet = this.#read(0, span, TIMES, (block) => new Sheet(block));
    const offsets = sheet && this.#column(sheet, TIMES);
    if (sheet === null || offsets === null) return noRows;
    const { from } = stretchOf(this.#ladder[0]!, span);
    const columns = new Map<string, Float64Array>();
    for (const key of keys) {
      const column = this.#column(sheet, key);
      if (column !== null) columns.set(key, column);
    }
    return { times: offsets.map((offset) => offset + from), columns };
  }

  putRows(span: number, { times, columns }: Rows): void {
    if (times.length === 0) return;
    const { from } = stretchOf(this.#ladder[0]!, span);
    const sheet = new Map<number, Float64Array>([
      [this.#idOf(TIMES, 0, span)!, times.map((time) => time - from)],
    ]);
    for (const [key, column] of columns) {
      const id = this.#idOf(key, 0, span);
      if (id !== null) sheet.set(id, column);
    }
    this.#put(0, span, TIMES, packSheet(times.length, sheet));
  }

  /** When the newest sample of each bucket was, -Infinity where there is none; null: nothing of the host is in this span. */
  moments(tier: number, span: number): Float64Array | null {
    return this.#read(tier, span, TIMES, (block) =>
      unpackMoments(block, bucketsOf(this.#ladder[tier]!, span)),
    );
  }

  putMoments(tier: number, span: number, moments: Float64Array): void {
    this.#put(tier, span, TIMES, packMoments(moments, bucketsOf(this.#ladder[tier]!, span)));
  }

  /** `moments`: of the same span. Null: nothing of this series. */
  buckets(tier: number, span: number, key: string, moments: Float64Array): Buckets | null {
    return this.#read(tier, span, key, (block) =>
      unpackBuckets(block, bucketsOf(this.#ladder[tier]!, span), moments),
    );
  }

  putBuckets(tier: number, span: number, key: string, buckets: Buckets, moments: Float64Array): void {
    this.#put(tier, span, key, packBuckets(buckets, moments));
  }

  /** The coarsest tier has all its series in this span. */
  see(keys: Iterable<string>, time: number): void {
    for (const key of [TIMES, ...keys]) {
      const id = this.#series.get(key);
      if (id !== undefined) this.#file.seriesSeen(id, time);
    }
  }

  #column(sheet: Sheet, key: string): Float64Array | null {
    const id = this.#series.get(key);
    return id === undefined ? null : this.#undamaged(() => sheet.column(id));
  }

  #read<Content>(
    tier: number,
    span: number,
    key: string,
    unpack: (block: Uint8Array) => Content,
  ): Content | null {
    const id = this.#series.get(key);
    const block = id === undefined ? null : this.#file.block(tier, span, id);
    return block && this.#undamaged(() => unpack(block));
  }

  #undamaged<Content>(read: () => Content): Content | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DamagedHistoryError)) throw error;
      this.#onDamaged(error);
      return null;
    }
  }

  #put(tier: number, span: number, key: string, body: Buffer | null): void {
    if (body === null && !this.#series.has(key)) return;
    const id = this.#idOf(key, tier, span);
    if (id !== null) this.#file.putBlock(tier, span, id, body);
  }

  /** The number of a series, made where it has none yet; null: there are too many. */
  #idOf(key: string, tier: number, span: number): number | null {
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    if (this.#series.size > MAX_SERIES) return null;
    const id = this.#file.addSeries(this.host, key, stretchOf(this.#ladder[tier]!, span).to);
    this.#series.set(key, id);
    return id;
  }
}
