/** Buckets: what is known of a series in each step of a stretch of time. */
import { firstAtLeast } from './rows.ts';

export class Buckets {
  /** Epoch milliseconds of the first; a whole multiple of `stepMs`. */
  readonly start: number;
  readonly stepMs: number;
  readonly length: number;
  /** Samples of each; where there are none, the other columns say nothing. */
  readonly count: Float64Array<ArrayBuffer>;
  readonly min: Float64Array<ArrayBuffer>;
  readonly max: Float64Array<ArrayBuffer>;
  readonly sum: Float64Array<ArrayBuffer>;
  /** The newest sample, and its time. */
  readonly last: Float64Array<ArrayBuffer>;
  readonly lastAt: Float64Array<ArrayBuffer>;

  constructor(start: number, stepMs: number, length: number) {
    this.start = start;
    this.stepMs = stepMs;
    this.length = length;
    this.count = new Float64Array(length);
    this.min = new Float64Array(length).fill(Infinity);
    this.max = new Float64Array(length).fill(-Infinity);
    this.sum = new Float64Array(length);
    this.last = new Float64Array(length).fill(NaN);
    this.lastAt = new Float64Array(length).fill(-Infinity);
  }

  get end(): number {
    return this.start + this.length * this.stepMs;
  }

  get isEmpty(): boolean {
    return this.count.every((count) => count === 0);
  }

  /** Samples, by time; those outside are left out. */
  addColumn(times: Float64Array, values: Float64Array): void {
    const end = firstAtLeast(times, this.end);
    for (let row = firstAtLeast(times, this.start); row < end; row++) {
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      const time = times[row]!;
      const at = Math.floor((time - this.start) / this.stepMs);
      this.count[at]!++;
      this.sum[at]! += value;
      if (value < this.min[at]!) this.min[at] = value;
      if (value > this.max[at]!) this.max[at] = value;
      if (time >= this.lastAt[at]!) {
        this.last[at] = value;
        this.lastAt[at] = time;
      }
    }
  }

  /** Only that there was a sample at this time; -Infinity: none. */
  addMoment(time: number): void {
    const at = Math.floor((time - this.start) / this.stepMs);
    if (at >= 0 && at < this.length && time > this.lastAt[at]!) this.lastAt[at] = time;
  }

  /** Finer buckets; those outside of `from` until `to`, the end excluded, and those outside of these are left out. */
  addBuckets(other: Buckets, from: number, to: number): void {
    for (let row = 0; row < other.length; row++) {
      const time = other.start + row * other.stepMs;
      if (other.count[row] === 0 || time < from || time >= to || time < this.start || time >= this.end)
        continue;
      const at = Math.floor((time - this.start) / this.stepMs);
      this.count[at]! += other.count[row]!;
      this.sum[at]! += other.sum[row]!;
      if (other.min[row]! < this.min[at]!) this.min[at] = other.min[row]!;
      if (other.max[row]! > this.max[at]!) this.max[at] = other.max[row]!;
      if (other.lastAt[row]! >= this.lastAt[at]!) {
        this.last[at] = other.last[row]!;
        this.lastAt[at] = other.lastAt[row]!;
      }
    }
  }

  /** Forgets those of `from` until `to`, the end excluded. */
  clear(from: number, to: number): void {
    const first = Math.max(0, Math.floor((from - this.start) / this.stepMs));
    const end = Math.min(this.length, Math.ceil((to - this.start) / this.stepMs));
    if (end <= first) return;
    this.count.fill(0, first, end);
    this.min.fill(Infinity, first, end);
    this.max.fill(-Infinity, first, end);
    this.sum.fill(0, first, end);
    this.last.fill(NaN, first, end);
    this.lastAt.fill(-Infinity, first, end);
  }
}
