/** Which words stand on time without samples. */
import { expect, it } from 'vitest';
import { labelStretches } from '../../../../renderer/charts/label-stretches.ts';
import type { Stretch } from '../../../../renderer/charts/stretches.ts';

const span = { from: 0, to: 100_000 };

const view = { ...span, pointDistanceMs: 1000 };
const now = (): number => span.to;

function labels(stretch: Stretch, reason: string | null): string[] {
  const gapIn = () =>
    reason === null ? null : { ...stretch, reason, isExpected: stretch.kind === 'uncollected' };
  return labelStretches([stretch], { gapIn, now }, view)[0]!.labels as string[];
}

it('names the reason of a gap, and its times where both ends are shown', () => {
  const closed = labels({ from: 10_000, to: 20_000, kind: 'gap' }, 'asleep');
  expect(closed).toHaveLength(3);
  expect(closed[0]).toMatch(/^asleep \d\d:\d\d:\d\d \u2013 \d\d:\d\d:\d\d$/);
  expect(labels({ from: 90_000, to: 100_000, kind: 'gap' }, 'offline')).toEqual(['offline']);
  expect(labels({ from: 90_000, to: 100_000, kind: 'gap' }, null)).toEqual(['no data']);
});

it('is silent about time before the first sample, unless that is all there is and somebody knows why', () => {
  expect(labels({ from: 0, to: 40_000, kind: 'uncollected' }, 'offline')).toEqual([]);
  expect(labels({ from: 0, to: 100_000, kind: 'uncollected' }, 'offline')).toEqual(['offline']);
  expect(labels({ from: 0, to: 100_000, kind: 'uncollected' }, null)).toEqual([]);
});

it('lets a gap begin and end where it did, and tells all of it when only a part is shown', () => {
  const gapIn = () => ({ from: 9_400, to: 150_000, reason: 'asleep', isExpected: false });
  const seen: Stretch = { from: 9_000, to: 100_000, kind: 'gap' };
  const [labelled] = labelStretches([seen], { gapIn, now: () => 900_000 }, view);
  expect(labelled).toMatchObject({ from: 9_400, to: 100_000 });
  expect(labelled!.labels[0]).toMatch(/^asleep \d\d:\d\d:09 \u2013 \d\d:\d\d:30$/);
});

it('says nothing of what has not happened yet, whatever is so now', () => {
  const gapIn = (stretch: { from: number; to: number }) => ({
    ...stretch,
    reason: 'stale',
    isExpected: false,
  });
  const silent: Stretch = { from: 60_000, to: 100_000, kind: 'gap' };
  const told = labelStretches([silent], { gapIn, now: () => 80_000 }, view);
  expect(told).toEqual([
    { from: 60_000, to: 80_000, kind: 'gap', labels: ['stale'] },
    { from: 80_000, to: 100_000, kind: 'uncollected', labels: [] },
  ]);
});

it('draws no gap over time that is not read yet, and says what it waits for once it is slow', () => {
  const unread: Stretch = { from: 10_000, to: 90_000, kind: 'unread' };
  const board = { gapIn: () => ({ ...unread, reason: 'offline', isExpected: false }), now };
  expect(labelStretches([unread], board, view)).toEqual([{ ...unread, labels: [] }]);
  const slow = labelStretches([unread], { ...board, holeReason: () => 'loading' }, view);
  expect(slow).toEqual([{ ...unread, labels: ['loading'] }]);
});

it('time before the first sample is a gap where the hub knows better', () => {
  const stretch: Stretch = { from: 0, to: 40_000, kind: 'uncollected' };
  const gapIn = () => ({ from: -60_000, to: 40_000, reason: 'offline', isExpected: false });
  expect(labelStretches([stretch], { gapIn, now }, view)[0]).toMatchObject({ kind: 'gap' });
});

it('leaves the day out where there is only room for the time', () => {
  const gapIn = () => ({ from: 10_000, to: 20_000, reason: 'asleep', isExpected: false });
  const board = { gapIn, now: () => 40 * 86_400_000 };
  const stretch: Stretch = { from: 10_000, to: 20_000, kind: 'gap' };
  const [withDay, withTime, reason] = labelStretches([stretch], board, view)[0]!.labels;
  expect(withDay).toMatch(/^asleep \w{3} \d+ \d\d:\d\d:10 \u2013 \d\d:\d\d:20$/);
  expect(withTime).toMatch(/^asleep \d\d:\d\d:10 \u2013 \d\d:\d\d:20$/);
  expect(reason).toBe('asleep');
});
