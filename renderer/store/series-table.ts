/**
 * The newest samples of one host as columns of numbers: one row per sample, one column per series.
 * Typed arrays, not reactive inside; watch `revision` and copy out what is shown with `window()`.
 */
import { shallowRef, type ShallowRef } from 'vue';
import { eachSeries } from '../../shared/series.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import type { Recent } from '../../shared/schema/stream.ts';
import { publishNow, type Publish } from './publisher.ts';

export interface SeriesTableOptions {
  /** Samples held. Default 960: 15 minutes at one a second and some to spare. */
  capacity?: number;
  /** How `revision` is bumped. Default: at once. */
  publish?: Publish;
}

export interface SeriesWindow {
  /** Epoch milliseconds, ascending. */
  times: Float64Array;
  /** One per key asked for, as long as `times`; NaN where the value is unknown. */
  columns: Float64Array[];
}

/** Rows beyond `capacity` before the oldest are dropped, all at once: appending stays cheap. */
const slack = 256;

export class SeriesTable {
  readonly revision: ShallowRef<number> = shallowRef(0);
  readonly #capacity: number;
  readonly #publish: Publish;
  #times: Float64Array;
  #columns = new Map<string, Float64Array>();
  #size = 0;
  #revision = 0;

  constructor(options: SeriesTableOptions = {}) {
    this.#capacity = options.capacity ?? 960;
    this.#publish = options.publish ?? publishNow;
    this.#times = new Float64Array(this.#capacity + slack);
  }

  get size(): number {
    return Math.min(this.#size, this.#capacity);
  }

  /** A late sample is inserted at its time; one of a time already held replaces it. */
  append(time: number, sample: Sample): void {
    const row = this.#rowFor(time);
    if (row < 0) return;
    eachSeries(sample, (key, value) => {
      this.#column(key)[row] = value ?? NaN;
    });
    this.#changed();
  }

  /** Replaces everything held by a snapshot's columns. */
  load(recent: Recent): void {
    this.#columns = new Map();
    const skip = Math.max(0, recent.times.length - this.#capacity);
    this.#size = recent.times.length - skip;
    for (let row = 0; row < this.#size; row++) this.#times[row] = recent.times[row + skip]!;
    for (const [key, values] of Object.entries(recent.series)) {
      const column = this.#column(key);
      for (let row = 0; row < this.#size; row++) column[row] = values[row + skip] ?? NaN;
    }
    this.#changed();
  }

  clear(): void {
    this.#columns = new Map();
    this.#size = 0;
    this.#changed();
  }

  /** Copies of the samples with from <= time <= to; a column of NaN for unknown keys. */
  window(keys: readonly string[], from: number, to: number): SeriesWindow {
    const start = Math.max(this.#firstAtOrAfter(from), this.#size - this.size);
    const end = Math.max(start, this.#firstAfter(to));
    const columns = keys.map(
      (key) => this.#columns.get(key)?.slice(start, end) ?? new Float64Array(end - start).fill(NaN),
    );
    return { times: this.#times.slice(start, end), columns };
  }

  keys(): string[] {
    return [...this.#columns.keys()];
  }

  /** The row to write a sample of this time to, all its columns set to unknown; -1: older than all we keep. */
  #rowFor(time: number): number {
    if (this.#size === this.#times.length) this.#dropOldest();
    let row = this.#size;
    if (row > 0 && time <= this.#times[row - 1]!) {
      row = this.#firstAtOrAfter(time);
      if (this.#times[row] !== time) {
        if (row === 0 && this.#size >= this.#capacity) return -1;
        this.#openRow(row);
      }
    } else {
      this.#size++;
    }
    this.#times[row] = time;
    for (const column of this.#columns.values()) column[row] = NaN;
    return row;
  }

  #openRow(row: number): void {
    this.#times.copyWithin(row + 1, row, this.#size);
    for (const column of this.#columns.values()) column.copyWithin(row + 1, row, this.#size);
    this.#size++;
  }

  /** Columns that hold nothing any more (a disk unplugged, a container gone) go too, so memory stays flat. */
  #dropOldest(): void {
    const start = this.#size - this.#capacity + 1;
    this.#times.copyWithin(0, start, this.#size);
    for (const [key, column] of this.#columns) {
      column.copyWithin(0, start, this.#size);
      column.fill(NaN, this.#size - start);
      if (column.every(Number.isNaN)) this.#columns.delete(key);
    }
    this.#size -= start;
  }

  #column(key: string): Float64Array {
    let column = this.#columns.get(key);
    if (column === undefined) {
      column = new Float64Array(this.#times.length).fill(NaN);
      this.#columns.set(key, column);
    }
    return column;
  }

  #firstAtOrAfter(time: number): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#times[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #firstAfter(time: number): number {
    const row = this.#firstAtOrAfter(time);
    return row < this.#size && this.#times[row] === time ? row + 1 : row;
  }

  #changed(): void {
    this.#revision++;
    this.#publish(this.revision, this.#revision);
  }
}
