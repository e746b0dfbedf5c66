/** Where flags of pointers stand, and that their names do not cover each other. */
import { expect, test } from 'vitest';
import type { Pointer } from '../../../../shared/schema/shares.ts';
import { pointerPlaces } from '../../../../renderer/charts/pointer-places.ts';

const drawn = {
  area: { left: 50, right: 650, top: 10, bottom: 110 },
  span: { from: 0, to: 600 },
  times: [],
  intervalMs: 1,
  moments: { stepMs: 1, now: 0 },
};
const at = (...times: number[]) => times.map((time) => ({ id: String(time), time }) as Pointer);

test('a moment stands where its time is; one outside of the span nowhere', () => {
  const places = pointerPlaces(at(-1, 0, 300, 601), drawn);
  expect(places.map(({ x }) => x)).toEqual([50, 350]);
});

test('names close to each other stand in rows, and the rest share the last', () => {
  expect(pointerPlaces(at(100, 110, 120, 130, 400), drawn).map(({ row }) => row)).toEqual([0, 1, 2, 2, 0]);
});

test('a name that would reach over the right edge stands before its line', () => {
  expect(pointerPlaces(at(100, 590), drawn).map(({ isBefore }) => isBefore)).toEqual([false, true]);
});
