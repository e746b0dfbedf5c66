/** Where a line breaks, and what is hatched. */
import { describe, expect, test } from 'vitest';
import { emptyStretches, nearestSample } from '../../../../renderer/charts/stretches.ts';

describe('emptyStretches', () => {
  test('steady samples leave none', () => {
    expect(emptyStretches([900, 2000, 3000, 4000], 1000, 4500, 1000)).toEqual([]);
  });

  test('a gap begins past 2.5 intervals, not before', () => {
    expect(emptyStretches([0, 2500, 3000], 0, 3000, 1000)).toEqual([]);
    expect(emptyStretches([0, 2501, 3000], 0, 3000, 1000)).toEqual([{ from: 0, to: 2501, kind: 'gap' }]);
  });

  test('time before the first sample was never collected', () => {
    expect(emptyStretches([5000, 6000], 1000, 6000, 1000)).toEqual([
      { from: 1000, to: 5000, kind: 'uncollected' },
    ]);
    expect(emptyStretches([], 1000, 6000, 1000)).toEqual([{ from: 1000, to: 6000, kind: 'uncollected' }]);
  });

  test('a silent right edge is a gap up to now', () => {
    expect(emptyStretches([1000, 2000], 1000, 9000, 1000)).toEqual([{ from: 2000, to: 9000, kind: 'gap' }]);
  });

  test('a gap that began before the window is cut to it', () => {
    expect(emptyStretches([0, 8000, 9000], 5000, 9000, 1000)).toEqual([
      { from: 5000, to: 8000, kind: 'gap' },
    ]);
  });
});

describe('nearestSample', () => {
  const times = [1000, 2000, 3000, 9000];
  test('finds the closest', () => {
    expect(nearestSample(times, 2400, 1000)).toBe(1);
    expect(nearestSample(times, 2600, 1000)).toBe(2);
    expect(nearestSample(times, 0, 1000)).toBe(0);
  });
  test('answers none inside a gap', () => {
    expect(nearestSample(times, 6000, 1000)).toBe(-1);
    expect(nearestSample([], 6000, 1000)).toBe(-1);
  });
});
