/** How long the page waits before it tries again. */
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../../renderer/stream/backoff.ts';

describe('backoff', () => {
  it('doubles up to its limit', () => {
    const longest = [0, 1, 2, 3, 4, 5, 60].map((attempt) => backoffMs(attempt, { random: () => 0.999_999 }));
    expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });

  it('never waits less than half: a hub that went down gets air', () => {
    expect(backoffMs(3, { random: () => 0 })).toBe(2_000);
  });

  it('spreads pages that lost the same hub at the same moment', () => {
    const waits = new Set(Array.from({ length: 100 }, () => backoffMs(5)));
    expect(waits.size).toBeGreaterThan(50);
  });
});
