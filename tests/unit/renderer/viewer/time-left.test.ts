/** How long a share lasts, as a person would say it. */
import { expect, test } from 'vitest';
import { formatTimeLeft } from '../../../../renderer/viewer/time-left.ts';

const minute = 60_000;
const hour = 60 * minute;

test.each([
  [7 * 24 * hour, '7 d'],
  [35 * hour, '35 h'],
  [7_200_000 - 500, '2 h'],
  [90 * minute, '2 h'],
  [89 * minute, '89 min'],
  [2 * minute, '2 min'],
  [89_000, '89 s'],
  [400, '1 s'],
  [-5, '0 s'],
])('%i ms is %s', (ms, text) => {
  expect(formatTimeLeft(ms)).toBe(text);
});
