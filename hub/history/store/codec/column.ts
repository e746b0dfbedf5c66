/**
 * A column: the values of one series, in as few bytes as they need. Most are whole numbers of a hundredth, a byte or a page of 4 KiB, so they are
 * counted in that unit, and the counts, or their differences, written as varints for zstd to compress. Nothing is rounded: what fits no unit is
 * kept as it is.
 */
import { VarintReader } from './varint-reader.ts';
import { VarintWriter } from '../../../archive/volume/varints.ts';
import { DamagedHistoryError } from '../file/damage.ts';

/** How the numbers that follow are meant. */
const kinds = { constant: 0, values: 1, differences: 2, doubles: 3 } as const;
export type ColumnKind = 'values' | 'differences';

/** Decimal places tried, fewest first. The collector rounds to two (collect/metrics/rounding.ts). */
const places = [0, 1, 2, 3];
/** So that a difference of two, with its sign folded in, is still a safe integer. */
const LARGEST_COUNT = 2 ** 51;

/** A column that is only NaN: null. `kind`: what of a column of many different numbers is written. */
export function encodeColumn(values: Float64Array, kind: ColumnKind = 'differences'): Buffer | null {
  const writer = new VarintWriter();
  const known = writeHoles(writer, values);
  if (known.length === 0) return null;
  const first = known[0]!;
  if (known.every((value) => value === first))
    return withDoubles(writer, kinds.constant, known.subarray(0, 1));
  const scaled = toWhole(known);
  if (scaled === null) return withDoubles(writer, kinds.doubles, known);
  const { counts, place } = scaled;
  const { base, unit } = unitOf(counts, kind);
  writer.put(kinds[kind]);
  writer.put(place);
  writer.putSigned(base);
  writer.put(unit);
  let before = base;
  for (const count of counts) {
    if (kind === 'values') writer.put((count - base) / unit);
    else writer.putSigned((count - before) / unit);
    before = count;
  }
  return Buffer.from(writer.bytes);
}

/** `length`: of the column. Throws a `DamagedHistoryError` where the bytes are none that `encodeColumn` made. */
export function decodeColumn(bytes: Uint8Array, length: number): Float64Array<ArrayBuffer> {
  const reader = new VarintReader(bytes);
  const holes = readHoles(reader, length);
  const known = readKnown(reader, length - holes.missing);
  if (holes.missing === 0) return known;
  const values = new Float64Array(length).fill(NaN);
  let next = 0;
  for (const { from, to } of holes.runs) {
    values.set(known.subarray(next, next + to - from), from);
    next += to - from;
  }
  return values;
}

/** Whole numbers of a power of ten that all values are, exactly; null: there is none. */
export function toWhole(values: Float64Array): { counts: Float64Array; place: number } | null {
  for (const place of places) {
    const counts = countsAt(values, 10 ** place);
    if (counts !== null) return { counts, place };
  }
  return null;
}

function countsAt(values: Float64Array, scale: number): Float64Array | null {
  const counts = new Float64Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    const count = Math.round(value * scale);
    if (count / scale !== value || Math.abs(count) > LARGEST_COUNT) return null;
    counts[at] = count;
  }
  return counts;
}

/** What all are counted from, and in which steps. `values` are never below their base. */
function unitOf(counts: Float64Array, kind: ColumnKind): { base: number; unit: number } {
  let base = counts[0]!;
  let unit = 0;
  for (const count of counts) {
    if (unit !== 1) unit = greatestCommonDivisor(Math.abs(count - counts[0]!), unit);
    if (kind === 'values' && count < base) base = count;
  }
  return { base, unit: unit || 1 };
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/** Writes how many are known, missing, known ... in turn, and answers the known ones. */
function writeHoles(writer: VarintWriter, values: Float64Array): Float64Array {
  const runs: number[] = [];
  let isKnown = true;
  let length = 0;
  for (const value of values) {
    if (Number.isNaN(value) === isKnown) {
      runs.push(length);
      length = 0;
      isKnown = !isKnown;
    }
    length++;
  }
  // The last run goes to the end: it needs no length.
  writer.put(runs.length);
  for (const run of runs) writer.put(run);
  return runs.length === 0 ? values : values.filter((value) => !Number.isNaN(value));
}

function readHoles(
  reader: VarintReader,
  length: number,
): { missing: number; runs: { from: number; to: number }[] } {
  const runs: { from: number; to: number }[] = [];
  let missing = 0;
  let at = 0;
  const borders = reader.next();
  if (borders > length) throw new DamagedHistoryError('A column has more holes than rows');
  for (let run = 0; run <= borders; run++) {
    const to = run === borders ? length : at + reader.next();
    if (to > length) throw new DamagedHistoryError('A column is longer than its rows');
    if (run % 2 === 0) runs.push({ from: at, to });
    else missing += to - at;
    at = to;
  }
  return { missing, runs };
}

function readKnown(reader: VarintReader, length: number): Float64Array<ArrayBuffer> {
  const kind = reader.next();
  if (kind === kinds.constant) return new Float64Array(length).fill(reader.doubles(1)[0]!);
  if (kind === kinds.doubles) return reader.doubles(length);
  if (kind !== kinds.values && kind !== kinds.differences)
    throw new DamagedHistoryError('A column is of no known kind');
  const scale = 10 ** reader.next();
  const base = reader.nextSigned();
  const unit = reader.next();
  const values = new Float64Array(length);
  if (kind === kinds.values) reader.fill(values);
  else reader.fillFromDifferences(values);
  for (let at = 0; at < length; at++) values[at] = (base + values[at]! * unit) / scale;
  return values;
}

/** Their bytes by place, all first bytes first: signs and exponents are alike. */
function withDoubles(writer: VarintWriter, kind: number, values: Float64Array): Buffer {
  writer.put(kind);
  const bytes = new Uint8Array(values.slice().buffer);
  const planes = Buffer.alloc(bytes.length);
  for (let at = 0; at < bytes.length; at++) planes[(at % 8) * values.length + (at >> 3)] = bytes[at]!;
  return Buffer.concat([writer.bytes, planes]);
}
