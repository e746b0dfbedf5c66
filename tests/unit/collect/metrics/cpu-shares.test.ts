/** Shares of CPU time add up whatever the counters do. */
import { describe, expect, it } from 'vitest';
import { busyShare, cpuShares } from '../../../../collect/metrics/cpu-shares.ts';
import { cpuModes } from '../../../../collect/metrics/reading.ts';

const zero = new Float64Array(8);
const sumOf = (shares: Record<string, number> | null) =>
  Object.values(shares!).reduce((sum, share) => sum + share, 0);

/** Park and Miller's generator: the same thousand cases at every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

describe('cpuShares', () => {
  it('gives each mode its part', () => {
    // user nice system idle iowait irq softirq steal
    const shares = cpuShares(zero, Float64Array.of(10, 5, 20, 50, 5, 1, 2, 7));
    expect(shares).toEqual({
      user: 10,
      nice: 5,
      system: 20,
      idle: 50,
      iowait: 5,
      irq: 1,
      softirq: 2,
      steal: 7,
    });
  });

  it('adds up to 100 for any counters, and keeps every mode between 0 and 100', () => {
    const random = createRandom(20);
    for (let round = 0; round < 1_000; round++) {
      const before = Float64Array.from(cpuModes, () => Math.floor(random() * 1e6));
      // Steps of 0 to 300 ticks, now and then back by a few.
      const now = before.map((ticks) => ticks + Math.floor(random() ** 3 * 300) - (random() < 0.1 ? 3 : 0));
      const shares = cpuShares(before, now);
      if (shares === null) continue;
      expect(sumOf(shares)).toBeCloseTo(100, 6);
      for (const share of Object.values(shares)) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(100);
      }
    }
  });

  it('takes a mode that went back for nothing', () => {
    const before = Float64Array.of(0, 0, 0, 1_000, 500, 0, 0, 0);
    const shares = cpuShares(before, Float64Array.of(50, 0, 0, 1_050, 480, 0, 0, 0));
    expect(shares).toMatchObject({ user: 50, idle: 50, iowait: 0 });
  });

  it('is null where no time was counted', () => {
    expect(cpuShares(zero, zero)).toBeNull();
  });
});

describe('busyShare', () => {
  it('is all but idle and iowait', () => {
    expect(busyShare(zero, Float64Array.of(10, 0, 10, 60, 20, 0, 0, 0))).toBe(20);
  });

  it('is zero for a core that was or is offline', () => {
    expect(busyShare(null, Float64Array.of(9, 0, 0, 1, 0, 0, 0, 0))).toBe(0);
    expect(busyShare(zero, null)).toBe(0);
  });
});
