/** Thinning keeps means, extremes and gaps. */
import { describe, expect, test } from 'vitest';
import { bucketWindow } from '../../../../renderer/charts/buckets.ts';

const window = {
  times: Float64Array.of(0, 1000, 2000, 3000, 9000),
  columns: [Float64Array.of(1, 99, 3, 5, 7), Float64Array.of(Number.NaN, Number.NaN, 4, Number.NaN, 6)],
};

describe('bucketWindow', () => {
  test('leaves a window alone that has room for every sample', () => {
    expect(bucketWindow(window, 1000, 1000)).toEqual({ ...window, extremes: null });
  });

  test('a lone peak survives in the highs', () => {
    const bucketed = bucketWindow(window, 2000, 1000);
    expect([...bucketed.times]).toEqual([500, 2500, 9000]);
    expect([...bucketed.columns[0]!]).toEqual([50, 4, 7]);
    expect([...bucketed.extremes!.highs[0]!]).toEqual([99, 5, 7]);
    expect([...bucketed.extremes!.lows[0]!]).toEqual([1, 3, 7]);
  });

  test('rows that stand for many samples keep the extremes of those', () => {
    const extremes = {
      lows: [Float64Array.of(0, 2), Float64Array.of(Number.NaN, 3)],
      highs: [Float64Array.of(80, 4), Float64Array.of(Number.NaN, 9)],
    };
    const rows = {
      times: Float64Array.of(500, 1500),
      columns: [Float64Array.of(10, 3), Float64Array.of(NaN, 5)],
      extremes,
    };
    expect(bucketWindow(rows, 1000, 1000).extremes).toBe(extremes);
    const wide = bucketWindow(rows, 2000, 1000);
    expect(wide.extremes!.highs.map((column) => [...column])).toEqual([[80], [9]]);
    expect(wide.extremes!.lows.map((column) => [...column])).toEqual([[0], [3]]);
    expect([...wide.columns[0]!]).toEqual([6.5]);
  });

  test('unknown values are left out of a mean, and stay unknown where there are no others', () => {
    expect([...bucketWindow(window, 2000, 1000).columns[1]!]).toEqual([Number.NaN, 4, 6]);
  });

  test('buckets do not depend on where the window begins', () => {
    const later = { times: window.times.slice(2), columns: window.columns.map((column) => column.slice(2)) };
    expect([...bucketWindow(later, 2000, 1000).columns[0]!]).toEqual([4, 7]);
  });
});
