/** Columns, sheets and buckets come back as they went in, to the bit; what a disk changed of them is noticed. */
import { expect, test } from 'vitest';
import {
  packBuckets,
  packMoments,
  unpackBuckets,
  unpackMoments,
} from '../../../../../hub/history/store/codec/bucket-block.ts';
import { Buckets } from '../../../../../hub/history/store/codec/buckets.ts';
import { decodeColumn, encodeColumn } from '../../../../../hub/history/store/codec/column.ts';
import { packSheet, Sheet } from '../../../../../hub/history/store/codec/sheet.ts';
import { DamagedHistoryError } from '../../../../../hub/history/store/file/damage.ts';

const far = Number.MAX_SAFE_INTEGER;
const columns: Record<string, number[]> = {
  hundredths: [98.08, 0.01, 2.47, 100, 0],
  pages: [626_069_504, 626_073_600, 626_069_504],
  'below zero': [-3, 2, -1, 0],
  'a constant': [7.25, 7.25, 7.25],
  'a constant of no unit': [Math.PI, Math.PI],
  'any doubles': [Math.PI, 1e-300, -1e300, 5e-324],
  'more than can be counted': [far, -far, far * 2, 1],
  'at the end of what can be counted': [2 ** 51, -(2 ** 51), 2 ** 51 - 1],
  infinities: [Infinity, -Infinity, 1],
  one: [0.1],
};

test.each(Object.entries(columns))('a column: %s', (_, numbers) => {
  const holes = [NaN, ...numbers, NaN, NaN, ...numbers, NaN];
  for (const values of [numbers, holes].map((list) => Float64Array.from(list))) {
    for (const kind of ['values', 'differences'] as const)
      expect(decodeColumn(encodeColumn(values, kind)!, values.length)).toEqual(values);
  }
});

test('nothing but holes is nothing', () => {
  expect(encodeColumn(Float64Array.of(NaN, NaN))).toBeNull();
});

test('a sheet tells twins once, and each column comes back alone', () => {
  const used = Float64Array.from(
    { length: 900 },
    (_, row) => 4096 * Math.floor(5_000 * Math.abs(Math.sin(row))),
  );
  const given = new Map([
    [1, used],
    [2, used.slice()],
    [3, used.map((value) => 2 ** 34 - value)],
    [4, new Float64Array(900).fill(NaN)],
    [5, new Float64Array(900).fill(12)],
    [9, used.map((value, row) => (row === 500 ? NaN : value))],
  ]);
  const block = packSheet(900, given);
  const alone = packSheet(900, new Map([[1, used]]));
  expect(block.length).toBeLessThan(2.5 * alone.length);
  const sheet = new Sheet(block);
  for (const id of [1, 2, 3, 5, 9]) expect(sheet.column(id)).toEqual(given.get(id));
  expect(sheet.column(4)).toBeNull();
  expect(sheet.column(77)).toBeNull();
});

test('buckets keep sums of decimals exactly, and when the last sample was', () => {
  const span = { start: 6_000_000, stepMs: 60_000, length: 10 };
  const buckets = new Buckets(span.start, span.stepMs, span.length);
  const host = new Buckets(span.start, span.stepMs, span.length);
  const times = Float64Array.from({ length: 300 }, (_, row) => span.start + row * 1_000 + (row % 3));
  const values = Float64Array.from({ length: 300 }, (_, row) =>
    row % 7 === 0 ? NaN : Math.round(row * 37.7) / 100,
  );
  buckets.addColumn(times, values);
  host.addColumn(times, times);
  const block = packBuckets(buckets, host.lastAt)!;
  const moments = unpackMoments(packMoments(host.lastAt, span)!, span);
  expect(moments).toEqual(host.lastAt);
  const { count, min, max, last, lastAt, sum } = unpackBuckets(block, span, moments);
  expect({ count, min, max, last, lastAt }).toEqual({
    count: buckets.count,
    min: buckets.min,
    max: buckets.max,
    last: buckets.last,
    lastAt: buckets.lastAt,
  });
  for (const [row, value] of sum.entries()) expect(value).toBeCloseTo(buckets.sum[row]!, 9);
  expect(packBuckets(new Buckets(0, 1_000, 5), new Float64Array(5).fill(-Infinity))).toBeNull();
});

test('a turned bit, or a missing end, is damage and no number', () => {
  const values = Float64Array.from(
    { length: 500 },
    (_, row) => Math.round(1e4 * Math.abs(Math.sin(row))) / 100,
  );
  const block = packSheet(500, new Map([[1, values]]));
  for (let at = 4; at < block.length; at += 7) {
    const turned = Buffer.from(block);
    turned[at]! ^= 1 << (at % 8);
    expect(
      orDamage(() => new Sheet(turned).column(1)),
      `byte ${at}`,
    ).toSatisfy((read) => read === 'damage' || isSame(read as Float64Array));
  }
  // A few bits of zstd's frames mean nothing.
  function isSame(read: Float64Array): boolean {
    return read.length === values.length && read.every((value, row) => value === values[row]);
  }
  for (const length of [0, 3, 10, block.length - 1])
    expect(() => new Sheet(block.subarray(0, length)).column(1)).toThrow(DamagedHistoryError);
  const bytes = encodeColumn(values)!;
  expect(() => decodeColumn(bytes.subarray(0, 20), 500)).toThrow(DamagedHistoryError);
  expect(() => decodeColumn(bytes, 5_000)).toThrow(DamagedHistoryError);
});

function orDamage(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(DamagedHistoryError);
    return 'damage';
  }
}
