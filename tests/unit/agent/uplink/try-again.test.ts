/** A fleet that lost its hub together does not come back together, and nobody hammers. */
import { expect, test } from 'vitest';
import { TryAgain } from '../../../../agent/uplink/try-again.ts';
import { UplinkError } from '../../../../agent/uplink/uplink-error.ts';
import { UntrustedError } from '../../../../link/tls/untrusted-error.ts';
import { WatchlineError } from '../../../../shared/errors.ts';

const gone = new WatchlineError('unreachable', 'hub:7400 refuses connections.', { isRetryable: true });

/** Of 200 agents, when each tries again after so many failures in a row. */
function pausesOf(failures: number): number[] {
  return Array.from({ length: 200 }, () => {
    const retry = new TryAgain();
    for (let count = 0; count < failures; count++) retry.failed(gone);
    return retry.waitMs;
  });
}

test('200 agents come back spread over seconds: no second has a third of them', () => {
  for (const [failures, mostMs] of [
    [1, 5_000],
    [2, 10_000],
    [10, 60_000],
  ] as const) {
    const pauses = pausesOf(failures);
    const perSecond = new Map<number, number>();
    for (const pause of pauses)
      perSecond.set(Math.floor(pause / 1_000), (perSecond.get(Math.floor(pause / 1_000)) ?? 0) + 1);
    expect(Math.min(...pauses)).toBeGreaterThan(900);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(mostMs);
    expect(Math.max(...pauses)).toBeGreaterThan(mostMs * 0.8);
    expect(Math.max(...perSecond.values())).toBeLessThan(90);
  }
});

test('pauses grow, and begin anew after the first success', () => {
  const retry = new TryAgain(() => 1);
  retry.failed(gone);
  expect(retry.waitMs).toBeLessThanOrEqual(5_000);
  for (let count = 0; count < 20; count++) retry.failed(gone);
  expect(retry.waitMs).toBeGreaterThan(59_000);
  expect(retry.succeeded()).toBe(true);
  expect(retry.succeeded()).toBe(false);
  expect(retry.trouble).toBeNull();
});

test('what the hub asks for is kept to, and spread', () => {
  const busy = new UplinkError('busy', 'Busy.', { retryAfterMs: 30_000 });
  const pauses = Array.from({ length: 200 }, () => {
    const retry = new TryAgain();
    retry.failed(busy);
    return retry.waitMs;
  });
  expect(Math.min(...pauses)).toBeGreaterThan(29_900);
  expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(3_000);
});

test('who was refused for good asks once an hour; another key is looked at now and then', () => {
  const refused = new TryAgain();
  refused.failed(new UplinkError('revoked', 'Revoked.', { tryAgain: 'hourly' }));
  expect(refused.waitMs).toBeGreaterThan(3_600_000);
  const untrusted = new TryAgain();
  untrusted.failed(new UntrustedError('pin-changed', 'Another key.', 'Mend it.', 'sha256/x'));
  expect(untrusted.waitMs).toBeGreaterThan(60_000);
});

test('the same trouble is told once', () => {
  const retry = new TryAgain();
  expect(retry.failed(gone)).toBe(true);
  expect(retry.failed(gone)).toBe(false);
  expect(retry.failed(new UplinkError('busy', 'Busy.'))).toBe(true);
});
