/** Times, ages and durations as people read them. */
import { describe, expect, it } from 'vitest';
import { formatAge, formatDuration, formatMoment } from '../../../../renderer/format/time.ts';

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3_600, '1 h'],
    [15_120, '4 h 12 min'],
    [273_600, '3 d 4 h'],
    [100 * 86_400, '100 d'],
    [null, '-'],
    [-1, '-'],
  ])('%s seconds is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('ages', () => {
  it.each([
    [-500, 'now'],
    [1_999, 'now'],
    [2_000, '2 s'],
    [59_999, '59 s'],
    [360_000, '6 min'],
    [7_200_000, '2 h'],
    [3 * 86_400_000, '3 d'],
    [NaN, '-'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });
});

it('names the day of a moment only when it is not today', () => {
  const now = new Date(2026, 10, 21, 14, 3, 12).getTime();
  expect(formatMoment(now - 60_000, now)).toBe('14:02');
  expect(formatMoment(now - 86_400_000, now)).toBe('Nov 20 14:03');
});
