/** Flags stand at their time, within the plot, and share a place where they would cover each other. */
import { expect, test } from 'vitest';
import { flagPlaces } from '../../../../renderer/charts/flag-places.ts';
import { noteOf } from '../../../support/note-of.ts';
import { startTime } from '../../../support/observations.ts';

/** One pixel is 100 ms, beginning at pixel 72. */
const drawn = {
  area: { left: 72, right: 672, top: 6, bottom: 106 },
  span: { from: startTime, to: startTime + 60_000 },
  times: [],
  intervalMs: 1_000,
  moments: { stepMs: 1_000, now: 0 },
};

test('a note stands where its time is', () => {
  expect(flagPlaces([noteOf(0), noteOf(30), noteOf(60)], drawn).map(({ x }) => x)).toEqual([72, 372, 672]);
});

test('what is outside of the span has no flag', () => {
  expect(flagPlaces([noteOf(-1), noteOf(61)], drawn)).toEqual([]);
});

test('notes closer than a finger share a flag, and the next one has its own', () => {
  const places = flagPlaces([noteOf(10), noteOf(11), noteOf(12), noteOf(13)], drawn);
  expect(places.map(({ x, notes }) => [x, notes.length])).toEqual([
    [172, 3],
    [202, 1],
  ]);
});
