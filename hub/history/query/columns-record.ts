/** One series of an answer, as it goes over the wire. */
import type { HistoryField, HistoryRecordOf } from '../../../shared/schema/history.ts';
import type { SeriesBuckets } from '../store/history-reader.ts';

type Columns = HistoryRecordOf<'columns'>;

/** What makes a record of columns from what was read. */
export interface ColumnsFrame {
  /** As the reader knows them. */
  host: string;
  series: string;
  /** Epoch milliseconds of the first bucket that was read, and the length of each. */
  start: number;
  stepMs: number;
  fields: readonly HistoryField[];
}

/** Decimal digits of the largest value of an array that are told. */
const DIGITS = 8;

/** The buckets `first` until `end` of it; null: none of them holds a value. */
export function columnsRecord(
  { host, series, start, stepMs, fields }: ColumnsFrame,
  buckets: SeriesBuckets,
  first: number,
  end: number,
): Columns | null {
  while (first < end && buckets.count[first] === 0) first++;
  while (end > first && buckets.count[end - 1] === 0) end--;
  if (first === end) return null;
  const columns: Columns = { kind: 'columns', host, series, start: start + first * stepMs };
  // Then the mean says it all; where nobody asked for it, nothing else would.
  const isToldByMean = fields.includes('mean') && isFlat(buckets, first, end);
  for (const field of fields) {
    if (field === 'count') columns.count = Array.from(buckets.count.subarray(first, end));
    else if (field === 'mean' || !isToldByMean) columns[field] = rounded(buckets[field], first, end);
  }
  return columns;
}

/** Whether least, largest, mean and newest value are the same in every bucket, as where each holds one sample. */
function isFlat({ count, min, max }: SeriesBuckets, first: number, end: number): boolean {
  for (let at = first; at < end; at++) if (count[at]! > 1 && min[at] !== max[at]) return false;
  return true;
}

/** NaN becomes null. A long tail of digits is two thirds of an answer, and says nothing. */
function rounded(column: Float64Array, first: number, end: number): (number | null)[] {
  let largest = 0;
  for (let at = first; at < end; at++) largest = Math.max(largest, Math.abs(column[at]!) || 0);
  const decimals = largest === 0 ? 0 : Math.max(0, DIGITS - Math.ceil(Math.log10(largest)));
  const scale = 10 ** Math.min(decimals, 300);
  const values = new Array<number | null>(end - first);
  for (let at = first; at < end; at++) {
    const value = column[at]!;
    values[at - first] = Number.isNaN(value) ? null : roundedTo(value, scale);
  }
  return values;
}

function roundedTo(value: number, scale: number): number {
  const scaled = Math.round(value * scale) / scale;
  return Number.isFinite(scaled) ? scaled : value;
}
