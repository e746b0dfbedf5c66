/** The recent ring: one host's last samples by columns, typed arrays keyed by series. */
import { MAX_RECENT_SECONDS } from '../../shared/protocol.ts';
import type { Sample } from '../../shared/schema/sample.ts';
import type { Recent } from '../../shared/schema/stream.ts';
import { eachSeries } from '../../shared/series.ts';

/** One row of columns: `series[key][row]` was measured at `time`. */
interface ColumnRow {
  time: number;
  row: number;
  series: Recent['series'];
}
type NewRow = Sample | ColumnRow;

/** Rows at first; they double until the ring holds `MAX_RECENT_SECONDS`. */
const FIRST_ROWS = 64;
/** Most rows: a host that samples faster than once a second keeps fewer seconds. */
const MAX_ROWS = MAX_RECENT_SECONDS;
/** Most series of one host; devices past that are left out of `recent`, and still in its samples. */
const MAX_SERIES = 4096;

export class RecentRing {
  #rows = FIRST_ROWS;
  #times = new Float64Array(FIRST_ROWS);
  readonly #columns = new Map<string, Float64Array>();
  /** Row of the next sample, and how many rows are filled. */
  #next = 0;
  #count = 0;

  /** A sample newer than all others. */
  push(sample: NewRow): void {
    if (this.#next === this.#rows && this.#rows < MAX_ROWS) this.#grow();
    if (this.#next === this.#rows) this.#startOver();
    const row = this.#next++;
    this.#count = Math.min(this.#count + 1, this.#rows);
    for (const column of this.#columns.values()) column[row] = NaN;
    this.#write(row, sample);
  }

  /** Takes samples that came late; `samples` ascend by time, and replace rows of the same time. */
  insert(samples: readonly NewRow[]): void {
    if (this.#count === 0 || (samples[0] && samples[0].time > this.#newestTime)) {
      for (const sample of samples) this.push(sample);
      return;
    }
    const order = this.#mergedWith(samples).slice(-MAX_ROWS);
    while (this.#rows < order.length) this.#rows = Math.min(this.#rows * 2, MAX_ROWS);
    this.#times = reordered(this.#times, order, this.#rows);
    for (const [key, column] of this.#columns) this.#columns.set(key, reordered(column, order, this.#rows));
    this.#next = this.#count = order.length;
    for (const [row, entry] of order.entries()) {
      if (typeof entry !== 'number') this.#write(row, entry);
    }
  }

  /** As `insert`, of columns; `times` ascend. */
  insertColumns({ times, series }: Pick<Recent, 'times' | 'series'>): void {
    this.insert(times.map((time, row) => ({ time, row, series })));
  }

  /** Of every row held, in no order. */
  heldTimes(): Set<number> {
    return new Set(this.#times.subarray(0, this.#count));
  }

  /** The rows of the `seconds` before the newest one. NaN becomes null: unknown. */
  read(host: string, intervalMs: number, seconds: number): Recent {
    const rows = this.#rowsOf(seconds);
    const series: Record<string, (number | null)[]> = {};
    for (const [key, column] of this.#columns) {
      const values = rows.map((row) => numberOrNull(column[row]!));
      if (values.some((value) => value !== null)) series[key] = values;
    }
    return { host, intervalMs, times: rows.map((row) => this.#times[row]!), series };
  }

  get #newestTime(): number {
    return this.#times[(this.#next - 1 + this.#rows) % this.#rows]!;
  }

  /** Oldest first. */
  #rowsOf(seconds: number): number[] {
    const newest = this.#newestTime;
    const rows: number[] = [];
    for (let back = 1; back <= this.#count; back++) {
      const row = (this.#next - back + this.#rows) % this.#rows;
      if (newest - this.#times[row]! >= seconds * 1000) break;
      rows.push(row);
    }
    return rows.reverse();
  }

  /** Oldest first: rows that are held, by number, and the new samples between them. */
  #mergedWith(samples: readonly NewRow[]): (number | NewRow)[] {
    const newTimes = new Set(samples.map(({ time }) => time));
    const order: (number | NewRow)[] = [];
    let next = 0;
    for (let back = this.#count; back > 0; back--) {
      const row = (this.#next - back + this.#rows) % this.#rows;
      const time = this.#times[row]!;
      while (next < samples.length && samples[next]!.time < time) order.push(samples[next++]!);
      if (!newTimes.has(time)) order.push(row);
    }
    return [...order, ...samples.slice(next)];
  }

  #write(row: number, fresh: NewRow): void {
    this.#times[row] = fresh.time;
    const visit = (key: string, value: number | null | undefined): void => {
      if (value != null) this.#column(key)[row] = value;
    };
    if (!('series' in fresh)) eachSeries(fresh, visit);
    else for (const [key, column] of Object.entries(fresh.series)) visit(key, column[fresh.row]);
  }

  #column(key: string): Float64Array {
    let column = this.#columns.get(key);
    if (!column) {
      column = new Float64Array(this.#rows).fill(NaN);
      if (this.#columns.size < MAX_SERIES) this.#columns.set(key, column);
    }
    return column;
  }

  #grow(): void {
    this.#rows = Math.min(this.#rows * 2, MAX_ROWS);
    this.#times = enlarged(this.#times, this.#rows);
    for (const [key, column] of this.#columns) this.#columns.set(key, enlarged(column, this.#rows));
  }

  /** Once around: columns of devices that are gone for that long are let go. */
  #startOver(): void {
    this.#next = 0;
    for (const [key, column] of this.#columns) {
      if (column.every(Number.isNaN)) this.#columns.delete(key);
    }
  }
}

function enlarged(column: Float64Array, rows: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(rows).fill(NaN);
  larger.set(column);
  return larger;
}

/** `order` as `#mergedWith` gives it; rows of samples stay unknown. */
function reordered(
  column: Float64Array,
  order: readonly (number | NewRow)[],
  rows: number,
): Float64Array<ArrayBuffer> {
  const moved = new Float64Array(rows).fill(NaN);
  for (const [row, entry] of order.entries()) {
    if (typeof entry === 'number') moved[row] = column[entry]!;
  }
  return moved;
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
