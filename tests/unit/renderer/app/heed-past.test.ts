/** Which events make the past of a page old. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPastHeed } from '../../../../renderer/app/heed-past.ts';
import type { StreamEvent } from '../../../../shared/events.ts';
import { hostOf } from '../../../support/observations.ts';

let calls: string[] = [];
let heed = makeHeed();

function makeHeed() {
  return createPastHeed({
    cameLate: (host) => calls.push(`late ${host}`),
    begin: () => calls.push('begin'),
    renew: () => calls.push('renew'),
    clear: () => calls.push('clear'),
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  heed = makeHeed();
});
afterEach(() => vi.useRealTimers());

function backfill(host: string): void {
  heed({ name: 'backfill', data: { host, intervalMs: 1_000, times: [1_000], series: {} } });
}

function uplink(backfillPercent: number | null): void {
  const host = hostOf('a', { statusSince: 0, lastSeen: 0 });
  heed({ name: 'host', data: { ...host, uplink: { lagMs: 1, skewMs: 1, backfillPercent, trouble: null } } });
}

test('a host that catches up is looked at again now and then, and once more at the end', () => {
  for (let event = 0; event < 10; event++) backfill('a');
  backfill('b');
  expect(calls).toEqual(['late a', 'late b']);
  vi.advanceTimersByTime(2_000);
  expect(calls).toEqual(['late a', 'late b', 'late a']);
  vi.advanceTimersByTime(60_000);
  expect(calls).toHaveLength(3);
});

test('late samples that this page was too slow for are looked up', () => {
  const gap = { host: 'a', channel: 'metrics', reason: 'slow-reader', from: 1, to: 2, count: 3 } as const;
  heed({ name: 'gap', data: { ...gap, channel: 'logs' } });
  heed({ name: 'gap', data: { ...gap, reason: 'offline' } });
  expect(calls).toEqual([]);
  heed({ name: 'gap', data: gap });
  expect(calls).toEqual(['late a']);
});

test('what no page holds is told by the state of the host alone', () => {
  uplink(null);
  expect(calls).toEqual([]);
  uplink(40);
  vi.advanceTimersByTime(10_000);
  uplink(null);
  expect(calls).toEqual(['late a', 'late a']);
  vi.advanceTimersByTime(10_000);
  uplink(null);
  expect(calls).toHaveLength(2);
});

test('a new stream makes all of it old, a new sight void', () => {
  const hello = { resumed: false } as Extract<StreamEvent, { name: 'hello' }>['data'];
  heed({ name: 'hello', data: hello });
  heed({ name: 'hello', data: { ...hello, resumed: true } });
  expect(calls).toEqual(['begin']);
  heed({ name: 'hello', data: hello });
  heed({ name: 'reset', data: { reason: 'sight' } });
  expect(calls).toEqual(['begin', 'renew', 'clear']);
});
