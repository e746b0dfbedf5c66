/** The highest level that lasts, beside a count of every window. */
import { expect, test } from 'vitest';
import { heldLevel } from '../../../../shared/changes/held-level.ts';

test('is the highest of the least of so many in a row, as counting says', () => {
  const values = Float64Array.from({ length: 97 }, (_, place) => Math.round(50 * Math.sin(place * place)));
  for (const length of [1, 2, 5, 30, 97]) {
    const windows = Array.from({ length: values.length - length + 1 }, (_, at) =>
      values.subarray(at, at + length),
    );
    expect(heldLevel(values, length, 'high')).toBe(Math.max(...windows.map((each) => Math.min(...each))));
    expect(heldLevel(values, length, 'low')).toBe(Math.min(...windows.map((each) => Math.max(...each))));
  }
});

test('of fewer values it is of all of them', () => {
  expect(heldLevel(Float64Array.of(3, 1, 2), 4, 'high')).toBe(1);
  expect(heldLevel(Float64Array.of(3), 4, 'low')).toBe(3);
});
