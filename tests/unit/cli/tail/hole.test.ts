/** How many lines of a hole nobody told: exact, whichever of them came over the stream as well. */
import { expect, test } from 'vitest';
import { Hole } from '../../../../cli/tail/missed/hole.ts';
import type { Gap } from '../../../../shared/schema/stream.ts';

const gap = (count: number | null, host: string | null = 'a'): Gap => ({
  host,
  channel: 'logs',
  reason: 'slow-reader',
  from: 1,
  to: 2,
  count,
});
const at = (sequence: number) => ({ epoch: 'abcd', sequence, partial: false });

function filled(hole: Hole, first: number, last: number): void {
  for (let sequence = first; sequence <= last; sequence++) hole.fill(`abcd-${sequence}`);
}

test('what was told is left out of the count, but for what came over the stream as well', () => {
  // 1 to 10 waited for the reader, 11 to 50 were left out, and the archive told up to 30.
  const hole = new Hole(gap(40), at(0));
  filled(hole, 1, 30);
  expect([hole.holds(at(30)), hole.holds(at(31)), hole.askAfter]).toEqual([true, false, 'abcd-30']);
  for (let sequence = 1; sequence <= 10; sequence++) hole.came(`abcd-${sequence}`);
  expect(hole.left).toMatchObject({ host: 'a', count: 20 });
});

test('a hole that was told to its end has nothing left, and neither has it of another host', () => {
  const hole = new Hole(gap(40), at(0));
  filled(hole, 1, 90);
  hole.close();
  expect(hole.left).toBeNull();
  hole.add(gap(10, 'b'), at(0));
  expect([hole.isFilled, hole.left]).toEqual([true, null]);
});

test('one that begins before the other was passed is counted with it', () => {
  const hole = new Hole(gap(40), at(0));
  filled(hole, 1, 70);
  hole.close();
  for (let sequence = 1; sequence <= 10; sequence++) hole.came(`abcd-${sequence}`);
  // 51 to 60 wait, 61 to 90 were left out; the archive told up to 70.
  hole.add(gap(30), at(10));
  expect([hole.isFilled, hole.askAfter]).toEqual([false, 'abcd-70']);
  for (let sequence = 51; sequence <= 60; sequence++) hole.came(`abcd-${sequence}`);
  expect(hole.left).toMatchObject({ count: 20 });
});

test('what was never counted is told as that', () => {
  expect(new Hole(gap(null), at(0)).left).toMatchObject({ count: null });
});
