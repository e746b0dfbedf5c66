/** Waits between tries: they grow, vary, and heed what the other end wishes. */
import { expect, test } from 'vitest';
import { Backoff } from '../../../../hub/upstreams/backoff.ts';

test('each wait lies between half and all of a time that doubles up to a minute', () => {
  const backoff = new Backoff(2_000);
  for (const most of [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
    const wait = backoff.nextMs();
    expect(wait).toBeGreaterThanOrEqual(most / 2);
    expect(wait).toBeLessThanOrEqual(most);
  }
  backoff.reset();
  expect(backoff.nextMs()).toBeLessThanOrEqual(2_000);
});

test('it is never sooner than the other end wishes, and not for all readers the same', () => {
  const waits = Array.from({ length: 50 }, () => new Backoff(10).nextMs(10_000));
  for (const wait of waits) {
    expect(wait).toBeGreaterThanOrEqual(10_000);
    expect(wait).toBeLessThanOrEqual(15_000);
  }
  expect(new Set(waits).size).toBeGreaterThan(40);
});
