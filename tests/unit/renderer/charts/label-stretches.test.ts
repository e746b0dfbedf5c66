/** Which words stand on time without samples. */
import { expect, it } from 'vitest';
import { labelStretches } from '../../../../renderer/charts/label-stretches.ts';
import type { Stretch } from '../../../../renderer/charts/stretches.ts';

const span = { from: 0, to: 100_000 };

function labels(stretch: Stretch, reason: string | null): string[] {
  return labelStretches([stretch], { gapReason: () => reason }, span)[0]!.labels as string[];
}

it('names the reason of a gap, and its times where both ends are shown', () => {
  const closed = labels({ from: 10_000, to: 20_000, kind: 'gap' }, 'asleep');
  expect(closed).toHaveLength(2);
  expect(closed[0]).toMatch(/^asleep \d\d:\d\d:\d\d\u2013\d\d:\d\d:\d\d$/);
  expect(labels({ from: 90_000, to: 100_000, kind: 'gap' }, 'offline')).toEqual(['offline']);
  expect(labels({ from: 90_000, to: 100_000, kind: 'gap' }, null)).toEqual(['no data']);
});

it('is silent about time before the first sample, unless that is all there is and somebody knows why', () => {
  expect(labels({ from: 0, to: 40_000, kind: 'uncollected' }, 'offline')).toEqual([]);
  expect(labels({ from: 0, to: 100_000, kind: 'uncollected' }, 'offline')).toEqual(['offline']);
  expect(labels({ from: 0, to: 100_000, kind: 'uncollected' }, null)).toEqual([]);
});
