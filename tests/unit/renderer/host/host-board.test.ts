/** Where the live edge of a host's charts is. */
import { describe, expect, test } from 'vitest';
import { shallowRef } from 'vue';
import { newestKnownTime } from '../../../../renderer/screens/host/host-board.ts';
import { hostOf, sampleOf } from '../../../support/observations.ts';

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
