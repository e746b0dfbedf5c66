/** Where stretches of late samples lie in a plot. */
import { expect, it } from 'vitest';
import { latePlaces } from '../../../../renderer/charts/late-places.ts';

/** A plot of 100 px for 100 s, one sample a second. */
const drawn = {
  area: { left: 10, right: 110, top: 0, bottom: 50 },
  span: { from: 100_000, to: 200_000 },
  times: [],
  intervalMs: 1_000,
  moments: { stepMs: 1_000, now: 0 },
};
const late = (from: number, to: number) => ({ from, to, newest: { from: to, to, number: 7 } });

it('places a stretch, and the part of it that came last', () => {
  expect(latePlaces([late(120_000, 130_000)], drawn)).toEqual([
    {
      left: 29.5,
      width: 11,
      newest: { left: 39.5, width: 1, number: 7 },
      span: { from: 120_000, to: 130_000 },
    },
  ]);
});

it('cuts what reaches out of the plot, and leaves out what cannot be seen', () => {
  const places = latePlaces([late(0, 50_000), late(50_000, 110_000), late(195_000, 300_000)], drawn);
  expect(places.map(({ left, width }) => [left, width])).toEqual([
    [10, 10.5],
    [104.5, 5.5],
  ]);
  expect(places[1]!.newest).toBeNull();
});
