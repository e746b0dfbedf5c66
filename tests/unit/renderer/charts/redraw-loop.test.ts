/** When charts are drawn: at once after quiet, else four times a second. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RedrawLoop } from '../../../../renderer/charts/redraw-loop.ts';

const frameMs = 16;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw, frameMs));
  vi.stubGlobal('cancelAnimationFrame', (timer: NodeJS.Timeout) => clearTimeout(timer));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function loopWithCount(): { loop: RedrawLoop; drawn: () => number } {
  const loop = new RedrawLoop();
  const draw = vi.fn();
  loop.add(draw);
  vi.advanceTimersByTime(1_000);
  draw.mockClear();
  return { loop, drawn: () => draw.mock.calls.length };
}

test('a request after quiet is drawn in the next frame', () => {
  const { loop, drawn } = loopWithCount();
  loop.request();
  vi.advanceTimersByTime(frameMs);
  expect(drawn()).toBe(1);
});

test('a flood of requests is drawn at most four times a second, and the last one is not lost', () => {
  const { loop, drawn } = loopWithCount();
  for (let ms = 0; ms < 1_000; ms += 10) {
    loop.request();
    vi.advanceTimersByTime(10);
  }
  expect(drawn()).toBeGreaterThanOrEqual(3);
  expect(drawn()).toBeLessThanOrEqual(5);
  const before = drawn();
  loop.request();
  vi.advanceTimersByTime(300);
  expect(drawn()).toBeGreaterThan(before);
});

test('what a person does is not made to wait', () => {
  const { loop, drawn } = loopWithCount();
  loop.request();
  vi.advanceTimersByTime(frameMs);
  loop.request();
  loop.requestNow();
  vi.advanceTimersByTime(frameMs);
  expect(drawn()).toBe(2);
});

test('nothing is drawn after dispose, nor by a drawer that was taken away', () => {
  const loop = new RedrawLoop();
  const [gone, kept] = [vi.fn(), vi.fn()];
  loop.add(gone)();
  loop.add(kept);
  vi.advanceTimersByTime(frameMs);
  expect([gone.mock.calls.length, kept.mock.calls.length]).toEqual([0, 1]);
  loop.request();
  loop.dispose();
  vi.advanceTimersByTime(1_000);
  expect(kept.mock.calls.length).toBe(1);
});
