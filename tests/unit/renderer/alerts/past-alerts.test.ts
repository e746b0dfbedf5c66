/** Alerts of long ago: asked of whoever keeps them once the window stands still, and only where the stream has not told them. */
import { effectScope, nextTick, shallowRef, type EffectScope, type ShallowRef } from 'vue';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TimeSpan } from '../../../../renderer/app/time-range.ts';
import { usePastAlerts } from '../../../../renderer/alerts/use-past-alerts.ts';
import { bundleFetch } from '../../../../renderer/bundle/answers/bundle-hub.ts';
import { BundleReader } from '../../../../shared/bundle/bundle-reader.ts';
import { ALERTS_KEPT_MS, MAX_ALERTS, type Alert } from '../../../../shared/schema/alerts.ts';
import { alertOf } from '../../../support/alert-of.ts';
import { bundleText } from '../../../support/bundle-text.ts';
import { hostOf, startTime } from '../../../support/observations.ts';

const MINUTE = 60_000;
const old = { from: startTime, to: startTime + 10 * MINUTE };
let now = startTime + 20 * ALERTS_KEPT_MS;
const span: ShallowRef<TimeSpan> = shallowRef(old);
const told: ShallowRef<readonly Alert[]> = shallowRef([]);
let asked: URL[] = [];
let scope: EffectScope;
let past: ShallowRef<readonly Alert[]>;
/** The hub answers once this is done. */
let delay: Promise<void>;

/** A bundle answers as a hub does. */
function keeper(): typeof fetch {
  const reader = new BundleReader();
  const data = alertOf('web-1', { endedAt: startTime + 5 * MINUTE, ending: 'cleared' });
  reader.take(
    bundleText([
      { kind: 'event', name: 'host', data: hostOf('web-1') },
      { kind: 'event', name: 'alert', data },
      { kind: 'event', name: 'alert', data: { ...data, id: 'other0001', host: 'db-1' } },
    ]),
  );
  return bundleFetch(reader.end());
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  asked = [];
  delay = Promise.resolve();
  told.value = [];
  span.value = old;
  now = startTime + 20 * ALERTS_KEPT_MS;
  const answer = keeper();
  vi.stubGlobal('location', { pathname: '/host/web-1' });
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    const url = new URL(path, 'http://hub.example');
    asked.push(url);
    await delay;
    init?.signal?.throwIfAborted();
    return answer(url, init);
  });
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function begin(): void {
  past = scope.run(() =>
    usePastAlerts({ host: 'web-1', span: () => span.value, now: () => now, alerts: told }),
  )!;
}

/** As long as a window has to stand still. */
async function rest(): Promise<void> {
  await nextTick();
  await vi.advanceTimersByTimeAsync(200);
}

test('a window of long ago has what fired on this host then', async () => {
  begin();
  await rest();
  await vi.waitFor(() => expect(past.value.map(({ id }) => id)).toEqual(['alert0001']));
  expect(asked.map(({ pathname }) => pathname)).toEqual(['/api/v1/alerts']);
  expect(asked[0]!.searchParams.get('hosts')).toBe('web-1');
});

test('a window that moves on is asked about once it stands still', async () => {
  begin();
  for (const step of [1, 2, 3]) {
    await nextTick();
    await vi.advanceTimersByTimeAsync(100);
    span.value = { from: old.from + step * MINUTE, to: old.to + step * MINUTE };
  }
  await rest();
  await vi.waitFor(() => expect(past.value).toHaveLength(1));
  expect(asked.map((url) => Number(url.searchParams.get('to')))).toEqual([
    Math.ceil((old.to + 3 * MINUTE) / MINUTE) * MINUTE,
  ]);
});

test('what the stream has told nobody is asked for, unless it could not tell all', async () => {
  now = old.to;
  begin();
  await rest();
  expect(asked).toEqual([]);
  // All that fires is told, however many they are.
  const many = (changes: Partial<Alert>) =>
    Array.from({ length: MAX_ALERTS }, (_, index) =>
      alertOf('db-1', { id: `made${10_000 + index}`, ...changes }),
    );
  told.value = many({});
  await rest();
  expect(asked).toEqual([]);
  told.value = many({ endedAt: startTime + 2 * MINUTE, ending: 'cleared' });
  await rest();
  await vi.waitFor(() => expect(past.value).toHaveLength(1));
});

test('back where the stream has told all, what was asked for is let go of', async () => {
  begin();
  await rest();
  await vi.waitFor(() => expect(past.value).toHaveLength(1));
  span.value = { from: now - 10 * MINUTE, to: now };
  await nextTick();
  expect(past.value).toEqual([]);
});

/** What the stream tells while time goes on: one more alert of this host ten times a second. */
async function tellAlerts(host: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    told.value = [...told.value, alertOf(host, { id: `burst${1000 + told.value.length}` })];
    await nextTick();
    await vi.advanceTimersByTimeAsync(100);
  }
}

test('what fires on other hosts asks nothing again; what fires on this one does', async () => {
  told.value = [alertOf('web-1', { id: 'burst0001' })];
  begin();
  await rest();
  await vi.waitFor(() => expect(past.value).toHaveLength(1));
  await tellAlerts('db-1', 10);
  await rest();
  expect(asked).toHaveLength(1);
  await tellAlerts('web-1', 1);
  await rest();
  expect(asked).toHaveLength(2);
});

test('while one alert of this host follows the other it is asked all the same, each second', async () => {
  begin();
  await tellAlerts('web-1', 9);
  expect(asked).toHaveLength(0);
  await tellAlerts('web-1', 22);
  expect(asked.length).toBeGreaterThanOrEqual(2);
  expect(asked.length).toBeLessThanOrEqual(3);
});

test('a hub that answers more slowly than alerts come is let finish, and asked once more', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  delay = promise;
  begin();
  await tellAlerts('web-1', 50);
  await rest();
  expect(asked).toHaveLength(1);
  resolve();
  await vi.waitFor(() => expect(past.value).toHaveLength(1));
  await vi.waitFor(() => expect(asked).toHaveLength(2));
});
