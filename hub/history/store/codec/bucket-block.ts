/**
 * A block of buckets: one series over one span of a tier. The smallest of each bucket is written as it is, the others by how far they are from it, in
 * the unit the samples were measured in; so a series that never changes takes next to nothing.
 */
import { DamagedHistoryError } from '../file/damage.ts';
import { Buckets } from './buckets.ts';
import { decodeColumn, encodeColumn, toWhole, type ColumnKind } from './column.ts';
import { numberOf } from './row-blocks.ts';
import { VarintReader } from './varint-reader.ts';
import { pack, unpack } from './zstd.ts';

const LEVEL = 9;
/** How far a sum of decimals may be from the whole number of hundredths it stands for: rounding, and no more. */
const SUM_SLACK = 1e-3;

/** Where the block begins in time: what stands in the block counts from there. */
export interface Span {
  start: number;
  stepMs: number;
  length: number;
}

/** The columns of a block, as whole numbers of `10 ** -place`; or, with a place of -1, as they are. */
interface Columns {
  place: number;
  min: Float64Array;
  spread: Float64Array;
  rest: Float64Array;
  last: Float64Array;
}

/** `moments`: when the host's newest sample of each bucket was. Null: all are empty. */
export function packBuckets(buckets: Buckets, moments: Float64Array): Buffer | null {
  const rows = filledRows(buckets);
  if (rows.length === 0) return null;
  const columns = wholeColumns(buckets, rows) ?? plainColumns(buckets, rows);
  const parts: Uint8Array[] = [numberOf(columns.place + 1)];
  const put = (values: Float64Array, kind: ColumnKind) => {
    const bytes = encodeColumn(values, kind)!;
    parts.push(numberOf(bytes.length), bytes);
  };
  put(buckets.count, 'values');
  put(columns.min, 'differences');
  put(columns.spread, 'values');
  put(columns.rest, 'values');
  put(columns.last, 'values');
  // What is not in every sample has its last one before the host's.
  put(
    Float64Array.from(rows, (row) => moments[row]! - buckets.lastAt[row]!),
    'values',
  );
  return pack(Buffer.concat(parts), LEVEL);
}

/** `moments`: as `packBuckets` had them, from `unpackMoments`. */
export function unpackBuckets(block: Uint8Array, span: Span, moments: Float64Array): Buckets {
  const reader = new VarintReader(unpack(block));
  const place = reader.next() - 1;
  const take = (length: number) => decodeColumn(reader.bytes(reader.next()), length);
  const buckets = new Buckets(span.start, span.stepMs, span.length);
  buckets.count.set(take(span.length));
  const rows = filledRows(buckets);
  const [min, spread, rest, last, behind] = Array.from({ length: 5 }, () => take(rows.length));
  const scale = 10 ** Math.max(0, place);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const base = place < 0 ? 0 : min![at]!;
    buckets.min[row] = min![at]! / scale;
    buckets.max[row] = (base + spread![at]!) / scale;
    buckets.sum[row] = (base * buckets.count[row]! + rest![at]!) / scale;
    buckets.last[row] = (base + last![at]!) / scale;
    buckets.lastAt[row] = moments[row]! - behind![at]!;
  }
  return buckets;
}

/** When the host's newest sample of each bucket was; where it has none, NaN. */
export function packMoments(lastAt: Float64Array, { start, stepMs }: Span): Buffer | null {
  const offsets = lastAt.map((time, row) => (time === -Infinity ? NaN : time - start - row * stepMs));
  const bytes = encodeColumn(offsets);
  return bytes && pack(bytes, LEVEL);
}

/** As `packMoments` took it: epoch milliseconds, -Infinity where there is none. */
export function unpackMoments(block: Uint8Array, { start, stepMs, length }: Span): Float64Array {
  const offsets = decodeColumn(unpack(block), length);
  return offsets.map((offset, row) => (Number.isNaN(offset) ? -Infinity : offset + start + row * stepMs));
}

function filledRows({ count }: Buckets): number[] {
  const rows: number[] = [];
  for (let row = 0; row < count.length; row++) {
    if (!(count[row]! >= 0)) throw new DamagedHistoryError('A bucket has less than no samples');
    if (count[row]! > 0) rows.push(row);
  }
  return rows;
}

/** Null: the samples are no whole numbers of any unit. */
function wholeColumns(buckets: Buckets, rows: readonly number[]): Columns | null {
  const all = new Float64Array(rows.length * 3);
  for (const [at, row] of rows.entries()) {
    all[at] = buckets.min[row]!;
    all[rows.length + at] = buckets.max[row]!;
    all[2 * rows.length + at] = buckets.last[row]!;
  }
  const whole = toWhole(all);
  if (whole === null) return null;
  const { counts, place } = whole;
  const min = counts.subarray(0, rows.length);
  const rest = restOf(buckets, rows, min, place);
  if (rest === null) return null;
  const above = (column: Float64Array) => column.map((value, at) => value - min[at]!);
  return {
    place,
    min,
    spread: above(counts.subarray(rows.length, 2 * rows.length)),
    rest,
    last: above(counts.subarray(2 * rows.length)),
  };
}

/** How far each sum is above that of as many smallest samples. */
function restOf(
  { sum, count }: Buckets,
  rows: readonly number[],
  min: Float64Array,
  place: number,
): Float64Array | null {
  const rest = new Float64Array(rows.length);
  for (const [at, row] of rows.entries()) {
    const scaled = sum[row]! * 10 ** place;
    const whole = Math.round(scaled);
    const above = whole - min[at]! * count[row]!;
    if (!Number.isSafeInteger(whole) || Math.abs(scaled - whole) > SUM_SLACK || above < 0) return null;
    rest[at] = above;
  }
  return rest;
}

function plainColumns(buckets: Buckets, rows: readonly number[]): Columns {
  const of = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]!);
  return {
    place: -1,
    min: of(buckets.min),
    spread: of(buckets.max),
    rest: of(buckets.sum),
    last: of(buckets.last),
  };
}
