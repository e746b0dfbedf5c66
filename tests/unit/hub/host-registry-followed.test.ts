/** The registry and hosts that another hub watches: their status is that hub's word, their life is their samples. */
import { expect, test } from 'vitest';
import { HostRegistry } from '../../../hub/hosts/host-registry.ts';
import type { StreamEvent } from '../../../shared/events.ts';
import { observedHost, sampleOf } from '../../support/observations.ts';

function open() {
  const events: StreamEvent[] = [];
  const registry = new HostRegistry((event) => events.push(event));
  registry.describe(observedHost('web-1'), 'upstream');
  const status = () => registry.recordOf('web-1')!.host.status;
  return { registry, events, status };
}

test('what holds there holds here, until that hub lifts it', () => {
  const { registry, status } = open();
  expect(status()).toBe('pairing');
  registry.observe({ name: 'sample', data: sampleOf('web-1') });
  for (const held of ['asleep', 'paused', 'incompatible'] as const) {
    registry.follow('web-1', held);
    expect(status()).toBe(held);
    registry.follow('web-1', 'live');
    expect(status()).toBe('live');
  }
});

test('who is silent there is silent here, at once, and no word but a sample makes it live', () => {
  const { registry, status } = open();
  registry.observe({ name: 'sample', data: sampleOf('web-1') });
  registry.follow('web-1', 'stale');
  expect(status()).toBe('stale');
  registry.follow('web-1', 'offline');
  expect(status()).toBe('offline');
  registry.follow('web-1', 'live');
  expect(status()).toBe('offline');
  registry.observe({ name: 'sample', data: sampleOf('web-1', 1) });
  expect(status()).toBe('live');
});

test('columns fill in what is not held, in events of a size a page takes', () => {
  const { registry, events } = open();
  const now = sampleOf('web-1', 1_000).time;
  registry.observe({ name: 'sample', data: sampleOf('web-1', 950) });
  const times = Array.from({ length: 130 }, (_, at) => sampleOf('web-1', 850 + at).time);
  registry.fill(
    { host: 'web-1', intervalMs: 1_000, times, series: { 'cpu.user': times.map((_, at) => at) } },
    now,
  );
  const filled = events.flatMap((event) => (event.name === 'backfill' ? [event.data] : []));
  expect(filled.map((data) => data.times.length)).toEqual([60, 60, 9]);
  expect(filled.flatMap((data) => data.times)).not.toContain(sampleOf('web-1', 950).time);
  const recent = registry.recordOf('web-1')!.recent.read('web-1', 1_000, 900);
  expect(recent.times).toEqual(times);
  expect(recent.series['cpu.user']![99]).toBe(99);
});

test('of what is older than a page holds the times are told, here as there', () => {
  const { registry, events } = open();
  const now = sampleOf('web-1', 10_000).time;
  const told = () => events.splice(0).flatMap((event) => (event.name === 'backfill' ? [event.data] : []));
  registry.backfill(
    'web-1',
    [20, 10, 9_990].map((index) => sampleOf('web-1', index)),
    now,
  );
  const [shown, old] = told();
  expect(shown!.times).toEqual([sampleOf('web-1', 9_990).time]);
  const times = [10, 20].map((index) => sampleOf('web-1', index).time);
  expect(old).toEqual({ host: 'web-1', intervalMs: 1_000, times, series: {} });
  registry.fill(old!, now);
  expect(told()).toEqual([old]);
  const { recent } = registry.recordOf('web-1')!;
  expect(recent.read('web-1', 1_000, 900).times).toHaveLength(1);
});
