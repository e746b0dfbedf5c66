/** Steps of value axes. */
import { describe, expect, test } from 'vitest';
import { multiplesBetween, niceStep } from '../../../../renderer/charts/nice-step.ts';

describe('niceStep', () => {
  test.each([
    [100, 4, 50],
    [100, 5, 20],
    [7, 4, 2],
    [0.9, 4, 0.5],
    [1_000_000, 2, 500_000],
    [1_000_001, 2, 1_000_000],
  ])('decimal: %d in at most %d steps is %d', (span, steps, expected) => {
    expect(niceStep(span, steps, 'decimal')).toBeCloseTo(expected, 9);
  });

  test('iec steps are powers of two, so bytes land on whole units', () => {
    expect(niceStep(16 * 1024 ** 3, 4, 'iec')).toBe(4 * 1024 ** 3);
    expect(niceStep(100 * 1024, 4, 'iec')).toBe(32 * 1024);
  });

  test('never more steps than asked for, over many magnitudes', () => {
    for (let span = 0.001; span < 1e12; span *= 1.7) {
      for (const base of ['decimal', 'iec'] as const) {
        expect(span / niceStep(span, 4, base)).toBeLessThanOrEqual(4 + 1e-6);
      }
    }
  });

  test.each([0, -3, Number.NaN, Number.POSITIVE_INFINITY])('a span of %d still has a step', (span) => {
    expect(niceStep(span, 4, 'decimal')).toBe(1);
  });
});

test('multiples include both ends and write zero without a sign', () => {
  expect(multiplesBetween(-50, 100, 50)).toEqual([-50, 0, 50, 100]);
  expect(Object.is(multiplesBetween(-0.5, 1, 1)[0], 0)).toBe(true);
});
