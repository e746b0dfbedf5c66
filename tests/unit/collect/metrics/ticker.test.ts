/** Ticks fall on whole intervals of the wall clock and never crowd. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../collect/metrics/clock.ts';
import { delayToNextTick, Ticker } from '../../../../collect/metrics/ticker.ts';

describe('delayToNextTick', () => {
  it('leads to the next whole interval', () => {
    expect(delayToNextTick(10_400, 1_000)).toBe(600);
    expect(delayToNextTick(10_000, 1_000)).toBe(1_000);
    expect(delayToNextTick(10_003, 1_000)).toBe(997);
  });

  it('leaves out a tick that is nearly due, as after a timer that was early or very late', () => {
    expect(delayToNextTick(10_999.5, 1_000)).toBe(1_000.5);
    expect(delayToNextTick(10_800, 1_000)).toBe(1_200);
  });

  it('does not drift: late timers do not add up', () => {
    let wallMs = 5_000;
    for (let tick = 1; tick <= 1_000; tick++) {
      wallMs += delayToNextTick(wallMs, 1_000) + 7;
      expect(wallMs).toBe(5_000 + tick * 1_000 + 7);
    }
  });
});

describe('Ticker', () => {
  it('never lets steps overlap, and waits for the one under way when disposed', async () => {
    let running = 0;
    let most = 0;
    let steps = 0;
    const third = Promise.withResolvers<void>();
    const ticker = new Ticker({
      intervalMs: 10,
      clock: systemClock,
      step: async () => {
        most = Math.max(most, ++running);
        // Longer than the interval.
        await delay(25);
        running--;
        if (++steps === 3) third.resolve();
      },
    });
    await third.promise;
    await ticker[Symbol.asyncDispose]();
    expect(most).toBe(1);
    expect(running).toBe(0);
  });
});
