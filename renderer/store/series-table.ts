/**
 * The newest samples of one host as columns of numbers: one row per sample, one column per series.
 * Typed arrays, not reactive inside; watch `revision` and copy out what is shown with `window()`.
 */
import { shallowRef, type ShallowRef } from 'vue';
import { MAX_RECENT_SECONDS } from '../../shared/protocol.ts';
import { eachSeries } from '../../shared/series.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import type { Recent } from '../../shared/schema/stream.ts';
import { publishNow, type Publish } from './publisher.ts';

export interface SeriesTableOptions {
  /** Samples held. Default 960: 15 minutes at one a second and some to spare. */
  capacity?: number;
  /** How `revision` is bumped. Default: at once. */
  publish?: Publish;
  /** The series kept. Default null: all. */
  keys?: readonly string[] | null;
}

export interface SeriesWindow {
  /** Epoch milliseconds, ascending. */
  times: Float64Array;
  /** One per key asked for, as long as `times`; NaN where the value is unknown. */
  columns: Float64Array[];
}

/** Rows beyond `capacity` before the oldest are dropped, all at once: appending stays cheap. */
const slack = 256;

/** What is inserted may be this much older than the newest sample: as long as a hub remembers. */
const MAX_LATE_MS = MAX_RECENT_SECONDS * 1000;

export class SeriesTable {
  readonly revision: ShallowRef<number> = shallowRef(0);
  readonly #capacity: number;
  readonly #publish: Publish;
  #times: Float64Array;
  #columns = new Map<string, Float64Array>();
  /** Null: all. */
  #kept: ReadonlySet<string> | null = null;
  #size = 0;
  #revision = 0;

  constructor(options: SeriesTableOptions = {}) {
    this.#capacity = options.capacity ?? 960;
    this.#publish = options.publish ?? publishNow;
    this.#times = new Float64Array(this.#capacity + slack);
    this.keep(options.keys ?? null);
  }

  /** Lets go of all series but these, and takes no others from now on. Null: takes all, from now on. */
  keep(keys: readonly string[] | null): void {
    this.#kept = keys === null ? null : new Set(keys);
    for (const key of this.#columns.keys()) if (!this.#keeps(key)) this.#columns.delete(key);
  }

  get size(): number {
    return Math.min(this.#size, this.#capacity);
  }

  /** Epoch milliseconds of the oldest sample; null where there is none. */
  get oldest(): number | null {
    return this.#size === 0 ? null : this.#times[this.#start]!;
  }

  /** A late sample is inserted at its time; one of a time already held replaces it. */
  append(time: number, sample: Sample): void {
    const row = this.#rowFor(time);
    if (row < 0) return;
    eachSeries(sample, (key, value) => {
      if (this.#keeps(key)) this.#column(key)[row] = value ?? NaN;
    });
    this.#changed();
  }

  /**
   * Takes samples that came by columns, each at its time; one of a time already held adds what it knows. What is
   * more than a quarter of an hour older than the newest sample is left out.
   */
  insert({ times, series }: Pick<Recent, 'times' | 'series'>): void {
    const before = this.#start;
    const { held, told } = unionOf(this.#times.subarray(before, this.#size), times, MAX_LATE_MS);
    const skip = Math.max(0, held.length - this.#capacity);
    const size = held.length - skip;
    const merged = new Float64Array(this.#times.length);
    const columns = new Map<string, Float64Array>();
    for (let row = 0; row < size; row++) {
      const from = held[row + skip]!;
      merged[row] = from < 0 ? times[told[row + skip]!]! : this.#times[before + from]!;
    }
    for (const key of new Set([...this.#columns.keys(), ...Object.keys(series)])) {
      if (!this.#keeps(key)) continue;
      const own = this.#columns.get(key);
      const late = series[key];
      const column = new Float64Array(this.#times.length).fill(NaN);
      for (let row = 0; row < size; row++) {
        const [from, at] = [held[row + skip]!, told[row + skip]!];
        column[row] = (at < 0 ? null : late?.[at]) ?? (from < 0 ? NaN : (own?.[before + from] ?? NaN));
      }
      columns.set(key, column);
    }
    this.#times = merged;
    this.#columns = columns;
    this.#size = size;
    this.#changed();
  }

  clear(): void {
    this.#columns = new Map();
    this.#size = 0;
    this.#changed();
  }

  /** Copies of the samples with from <= time <= to; a column of NaN for unknown keys. */
  window(keys: readonly string[], from: number, to: number): SeriesWindow {
    const start = Math.max(this.#firstAtOrAfter(from), this.#start);
    const end = Math.max(start, this.#firstAfter(to));
    const columns = keys.map(
      (key) => this.#columns.get(key)?.slice(start, end) ?? new Float64Array(end - start).fill(NaN),
    );
    return { times: this.#times.slice(start, end), columns };
  }

  keys(): string[] {
    return [...this.#columns.keys()];
  }

  get #start(): number {
    return this.#size - this.size;
  }

  #keeps(key: string): boolean {
    return this.#kept === null || this.#kept.has(key);
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

/**
 * Two ascending lists of times as one: per time, its index in each, -1 where it is not in it. What is more than
 * `maxLateMs` older than the newest of both is left out.
 */
function unionOf(
  held: ArrayLike<number>,
  told: ArrayLike<number>,
  maxLateMs: number,
): { held: number[]; told: number[] } {
  const newest = Math.max(held[held.length - 1] ?? -Infinity, told[told.length - 1] ?? -Infinity);
  const union: { held: number[]; told: number[] } = { held: [], told: [] };
  let i = 0;
  let j = 0;
  while (i < held.length || j < told.length) {
    const own = held[i] ?? Infinity;
    const late = told[j] ?? Infinity;
    const time = Math.min(own, late);
    if (time >= newest - maxLateMs) {
      union.held.push(own === time ? i : -1);
      union.told.push(late === time ? j : -1);
    }
    if (own === time) i++;
    if (late === time) j++;
  }
  return union;
}
