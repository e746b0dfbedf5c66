/** Thinning keeps means, extremes and gaps. */
import { describe, expect, test } from 'vitest';
import { bucketWindow } from '../../../../renderer/charts/buckets.ts';

const window = {
  times: Float64Array.of(0, 1000, 2000, 3000, 9000),
  columns: [Float64Array.of(1, 99, 3, 5, 7), Float64Array.of(Number.NaN, Number.NaN, 4, Number.NaN, 6)],
};

describe('bucketWindow', () => {
  test('leaves a window alone that has room for every sample', () => {
    expect(bucketWindow(window, 1000, 1000)).toEqual({ ...window, lows: null, highs: null });
  });

  test('a lone peak survives in the highs', () => {
    const bucketed = bucketWindow(window, 2000, 1000);
    expect([...bucketed.times]).toEqual([500, 2500, 9000]);
    expect([...bucketed.columns[0]!]).toEqual([50, 4, 7]);
    expect([...bucketed.highs![0]!]).toEqual([99, 5, 7]);
    expect([...bucketed.lows![0]!]).toEqual([1, 3, 7]);
  });

  test('unknown values are left out of a mean, and stay unknown where there are no others', () => {
    expect([...bucketWindow(window, 2000, 1000).columns[1]!]).toEqual([Number.NaN, 4, 6]);
  });

  test('buckets do not depend on where the window begins', () => {
    const later = { times: window.times.slice(2), columns: window.columns.map((column) => column.slice(2)) };
    expect([...bucketWindow(later, 2000, 1000).columns[0]!]).toEqual([4, 7]);
  });
});
