/** The newest frames in memory: order, bound, and what can no longer be resumed. */
import { expect, test } from 'vitest';
import { encodeFrame, type Frame } from '../../../hub/stream/frame.ts';
import { ReplayRing } from '../../../hub/stream/replay-ring.ts';
import { logLineOf } from '../../support/observations.ts';

function frame(sequence: number): Frame {
  return encodeFrame({ name: 'log', data: logLineOf('web-1', sequence) }, sequence, `e-${sequence}`);
}

function filled(limitBytes: number, count: number): ReplayRing {
  const ring = new ReplayRing(limitBytes);
  for (let sequence = 1; sequence <= count; sequence++) ring.push(frame(sequence));
  return ring;
}

const sequencesOf = (frames: Frame[] | null) => frames?.map((kept) => kept.sequence);

test('what follows a cursor comes oldest first', () => {
  const ring = filled(1_000_000, 5);
  expect(sequencesOf(ring.after(2, 5))).toEqual([3, 4, 5]);
  expect(sequencesOf(ring.after(5, 5))).toEqual([]);
  expect(sequencesOf(ring.after(0, 5))).toEqual([1, 2, 3, 4, 5]);
});

test('its memory stays within the limit, and what was evicted cannot be resumed', () => {
  const limit = 100_000;
  const ring = filled(limit, 10_000);
  expect(ring.bytes).toBeLessThanOrEqual(limit);
  expect(ring.bytes).toBeGreaterThan(limit * 0.9);
  const oldest = 10_000 - ring.length;
  expect(sequencesOf(ring.after(oldest, 10_000))).toHaveLength(ring.length);
  expect(sequencesOf(ring.after(oldest, 10_000))![0]).toBe(oldest + 1);
  expect(ring.after(oldest - 1, 10_000)).toBeNull();
});

test('a frame larger than the whole ring is not kept', () => {
  const ring = filled(1_000, 2);
  ring.push(encodeFrame({ name: 'log', data: logLineOf('web-1', 3, { text: 'x'.repeat(2_000) }) }, 3, 'e-3'));
  expect(ring.length).toBe(0);
  expect(ring.bytes).toBe(0);
  expect(ring.after(2, 3)).toBeNull();
  expect(ring.after(3, 3)).toEqual([]);
});
