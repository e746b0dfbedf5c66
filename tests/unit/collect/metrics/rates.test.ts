/** Counters and what going back means. */
import { describe, expect, it } from 'vitest';
import {
  bytesPerSecond,
  increase,
  increaseOrZero,
  percentOf,
  perSecond,
  shareOfTime,
} from '../../../../collect/metrics/rates.ts';

describe('the increase of a counter', () => {
  it('is the difference', () => {
    expect(increase(100, 350, 64)).toBe(250);
    expect(increase(7, 7, 32)).toBe(0);
  });

  it('goes on around the top of 32 bits', () => {
    expect(increase(2 ** 32 - 100, 400, 32)).toBe(500);
  });

  it('goes on around the top of 64 bits, as exactly as doubles can', () => {
    expect(increase(2 ** 64 - 2 ** 20, 2 ** 20, 64)).toBe(2 ** 21);
  });

  it('is unknown after a reset', () => {
    expect(increase(1_000_000, 50, 32)).toBeNaN();
    // A 64-bit counter a little under 2^32 that starts again has not wrapped.
    expect(increase(2 ** 32 - 100, 400, 64)).toBeNaN();
    expect(increaseOrZero(1_000_000, 50, 64)).toBe(0);
  });
});

describe('rates', () => {
  it('stand for one second, whatever time has passed', () => {
    expect(bytesPerSecond(1_000, 250)).toBe(4_000);
    expect(bytesPerSecond(1_000, 3_000)).toBe(333);
    expect(perSecond(1, 3_000)).toBe(0.33);
  });

  it('keep shares of time within 100, and those of one core not', () => {
    expect(shareOfTime(1_200, 1_000)).toBe(100);
    expect(shareOfTime(333.333, 1_000)).toBe(33.33);
    expect(percentOf(3_500, 1_000)).toBe(350);
  });
});
