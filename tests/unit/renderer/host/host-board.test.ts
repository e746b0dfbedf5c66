/** Why a stretch of a host's charts is empty. */
import { describe, expect, test } from 'vitest';
import { knownGap } from '../../../../renderer/screens/host/host-board.ts';
import type { Gap } from '../../../../shared/schema/stream.ts';

const gap = (part: Partial<Gap>): Gap => ({
  host: 'a',
  channel: 'metrics',
  reason: 'asleep',
  from: 1000,
  to: 5000,
  count: null,
  ...part,
});

describe('knownGap', () => {
  test('the reason of the gap that overlaps, the newest first', () => {
    const gaps = [gap({}), gap({ reason: 'offline', from: 4000, to: 9000 })];
    expect(knownGap(gaps, { from: 4500, to: 4600 })).toBe('offline');
    expect(knownGap(gaps, { from: 1500, to: 1600 })).toBe('asleep');
  });

  test('none elsewhere, and none for gaps in the logs', () => {
    expect(knownGap([gap({})], { from: 6000, to: 7000 })).toBeNull();
    expect(knownGap([gap({ channel: 'logs' })], { from: 1000, to: 5000 })).toBeNull();
  });
});
