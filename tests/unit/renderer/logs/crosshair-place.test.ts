/** The crosshair between log lines. */
import { expect, test } from 'vitest';
import {
  crosshairPlace,
  momentOf,
  type PlacedRow,
} from '../../../../renderer/screens/logs/crosshair-place.ts';
import type { LogLine } from '../../../../shared/schema/logs.ts';

const at = (time: number, height = 20): PlacedRow => ({
  row: { kind: 'line', id: null, line: { time } as LogLine },
  height,
});
const gap: PlacedRow = {
  row: { kind: 'gap', host: 'a', reason: 'offline', from: 40, to: 50, count: null },
  height: 20,
};

test('lies between the lines before and after a moment', () => {
  const rows = [at(10), at(20, 60), at(30)];
  expect(crosshairPlace(rows, 10, true)).toBe(20);
  expect(crosshairPlace(rows, 25, true)).toBe(80);
});

test('is not in sight above the rows, nor below them while others follow', () => {
  const rows = [at(10), at(20)];
  expect(crosshairPlace(rows, 5, true)).toBeNull();
  expect(crosshairPlace(rows, 25, false)).toBeNull();
  expect(crosshairPlace(rows, 25, true)).toBe(40);
  expect(crosshairPlace([], 25, true)).toBeNull();
});

test('a line that came late, and a mark, do not draw it off its place', () => {
  expect(crosshairPlace([at(10), at(30), gap, at(11)], 12, true)).toBe(20);
});

test('a row tells its moment', () => {
  expect([momentOf(at(10).row), momentOf(gap.row)]).toEqual([10, 40]);
});
