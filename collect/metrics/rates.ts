/**
 * Counters become rates here and nowhere else. A counter that went back has wrapped or was reset;
 * which of the two decides whether its increase is known.
 */
import { percent, twoDecimals, whole } from './rounding.ts';

export type CounterBits = 32 | 64;

const range: Record<CounterBits, number> = { 32: 2 ** 32, 64: 2 ** 64 };

/**
 * How much a counter grew. Going back is a wrap only where the increase around the top stays under a
 * quarter of the counter's range; anything else is a reset, of which nothing is known: NaN.
 */
export function increase(before: number, now: number, bits: CounterBits): number {
  if (now >= before) return now - before;
  const wrapped = now - before + range[bits];
  return wrapped < range[bits] / 4 ? wrapped : NaN;
}

/** The same for counters whose reset leaves their device in place: a reset counts as nothing. */
export function increaseOrZero(before: number, now: number, bits: CounterBits): number {
  return increase(before, now, bits) || 0;
}

/** Bytes per second, a whole number. */
export function bytesPerSecond(amount: number, elapsedMs: number): number {
  return whole((amount * 1000) / elapsedMs);
}

/** Events per second. */
export function perSecond(amount: number, elapsedMs: number): number {
  return twoDecimals((amount * 1000) / elapsedMs);
}

/** Share of the elapsed time, 0-100. */
export function shareOfTime(busyMs: number, elapsedMs: number): number {
  return percent((100 * busyMs) / elapsedMs);
}

/** Share of one core's time, as `top` counts: may pass 100. */
export function percentOf(busyMs: number, elapsedMs: number): number {
  return twoDecimals((100 * busyMs) / elapsedMs);
}
