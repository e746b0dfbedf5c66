/** Why a stretch of a host's charts is empty, and where their live edge is. */
import { describe, expect, test } from 'vitest';
import { shallowRef } from 'vue';
import { knownGap, newestKnownTime } from '../../../../renderer/screens/host/host-board.ts';
import type { Gap } from '../../../../shared/schema/stream.ts';
import { hostOf, sampleOf } from '../../../support/observations.ts';

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

describe('newestKnownTime', () => {
  const stateWithSampleAt = (time: number) => ({
    sample: shallowRef({ ...sampleOf(), time }),
    host: shallowRef(hostOf('a', { statusSince: 0, lastSeen: time })),
  });

  test('a sample a little ahead of the known time is not left out', () => {
    expect(newestKnownTime(10_000, stateWithSampleAt(10_003))).toBe(10_003);
  });

  test('an older sample moves nothing, and neither does a host whose clock is wrong', () => {
    expect(newestKnownTime(10_000, stateWithSampleAt(9_000))).toBe(10_000);
    expect(newestKnownTime(10_000, stateWithSampleAt(70_000))).toBe(10_000);
  });
});
