/** What TV mode does while nobody moves: the pointer goes, the picture wanders. */
import { effectScope } from 'vue';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MAX_SHIFT, shifts, usePixelShift } from '../../../../renderer/tv/pixel-shift.ts';
import { useIdle } from '../../../../renderer/tv/use-idle.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', new EventTarget());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('it is idle at first, stirs with every movement, and rests three seconds after the last', () => {
  const scope = effectScope();
  const isIdle = scope.run(() => useIdle(3_000))!;
  expect(isIdle.value).toBe(true);
  window.dispatchEvent(new Event('pointermove'));
  vi.advanceTimersByTime(2_000);
  window.dispatchEvent(new Event('pointermove'));
  vi.advanceTimersByTime(2_999);
  expect(isIdle.value).toBe(false);
  vi.advanceTimersByTime(1);
  expect(isIdle.value).toBe(true);
  scope.stop();
  window.dispatchEvent(new Event('pointermove'));
  expect([isIdle.value, vi.getTimerCount()]).toEqual([true, 0]);
});

test('the picture is somewhere else each minute, never far, and comes around', () => {
  const scope = effectScope();
  const shift = scope.run(() => usePixelShift(60_000))!;
  const seen = shifts.map(() => {
    const { x, y } = shift.value;
    vi.advanceTimersByTime(60_000);
    return `${x} ${y}`;
  });
  expect(new Set(seen).size).toBe(shifts.length);
  expect(shifts.every(({ x, y }) => Math.max(Math.abs(x), Math.abs(y)) <= MAX_SHIFT)).toBe(true);
  expect(shift.value).toEqual(shifts[0]);
  scope.stop();
  expect(vi.getTimerCount()).toBe(0);
});
