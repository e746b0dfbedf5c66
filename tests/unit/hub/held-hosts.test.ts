/** Hosts that are not here: what they are held at, when their way is told, what the owner calls them, and letting go. */
import { expect, test } from 'vitest';
import { GapList } from '../../../hub/hosts/gap-list.ts';
import { HostRegistry } from '../../../hub/hosts/host-registry.ts';
import type { StreamEvent } from '../../../shared/events.ts';
import type { Uplink } from '../../../shared/schema/host.ts';
import { observedHost, sampleOf } from '../../support/observations.ts';

function makeRegistry() {
  const published: StreamEvent[] = [];
  const registry = new HostRegistry((event) => published.push(event));
  registry.describe(observedHost(), 'agent');
  return { registry, published, host: () => registry.recordOf('web-1')!.host };
}

const uplink: Uplink = { lagMs: 10, skewMs: 0, backfillPercent: null, trouble: null };

test('a host is pairing until its first sample, however long that takes', () => {
  const { registry, host } = makeRegistry();
  registry.checkStatuses(performance.now() + 3_600_000);
  expect(host().status).toBe('pairing');
  registry.observe({ name: 'sample', data: sampleOf() });
  expect(host().status).toBe('live');
});

test('what it is held at shows over what its intervals say, the gravest of several, until each is lifted', () => {
  const { registry, host } = makeRegistry();
  registry.observe({ name: 'sample', data: sampleOf() });
  registry.hold('web-1', 'asleep');
  registry.hold('web-1', 'paused');
  registry.checkStatuses(performance.now() + 3_600_000);
  expect(host().status).toBe('paused');
  registry.hold('web-1', 'incompatible', 'It speaks protocol 7.');
  expect(host()).toMatchObject({ status: 'incompatible', uplink: { trouble: 'It speaks protocol 7.' } });
  registry.lift('web-1', 'incompatible');
  registry.lift('web-1', 'paused');
  expect(host().status).toBe('asleep');
  registry.lift('web-1', 'asleep');
  expect(host().status).toBe('live');
  registry.silence('web-1');
  registry.checkStatuses(performance.now());
  expect(host().status).toBe('offline');
});

test('how the way is, is told when it matters, and every ten seconds at most', () => {
  const { registry, published, host } = makeRegistry();
  const told = () => published.filter(({ name }) => name === 'host').length;
  const now = performance.now();
  registry.setUplink('web-1', uplink, now);
  const first = told();
  registry.setUplink('web-1', { ...uplink, lagMs: 200, skewMs: 100 }, now + 20_000);
  expect(told()).toBe(first);
  registry.setUplink('web-1', { ...uplink, skewMs: 5_000 }, now + 20_001);
  expect([told(), host().uplink?.skewMs]).toEqual([first + 1, 5_000]);
  registry.setUplink('web-1', { ...uplink, skewMs: 9_000 }, now + 20_002);
  registry.checkStatuses(now + 29_000);
  expect(host().uplink?.skewMs).toBe(5_000);
  registry.checkStatuses(now + 30_002);
  expect(host().uplink?.skewMs).toBe(9_000);
  registry.setUplink('web-1', { ...uplink, skewMs: 9_000, trouble: 'The disk is full.' }, now + 30_003);
  expect(host().uplink?.trouble).toBe('The disk is full.');
});

test('the name the owner gave it stays through its descriptions, and ends when it is taken back', () => {
  const { registry, host } = makeRegistry();
  registry.relabel('web-1', { name: 'Shop', group: 'Berlin', tags: ['blue'] });
  registry.describe(observedHost('web-1', { name: 'other' }), 'agent');
  expect(host()).toMatchObject({ name: 'Shop', group: 'Berlin', tags: ['blue'] });
  registry.relabel('web-1', { name: null, group: null, tags: [] });
  expect(host()).toMatchObject({ name: 'other', group: null, tags: [] });
});

test('a host that is forgotten is told as gone, once, and nothing more is taken of it', () => {
  const { registry, published } = makeRegistry();
  registry.forget('web-1');
  registry.forget('web-1');
  registry.observe({ name: 'sample', data: sampleOf() });
  expect(published.slice(1)).toEqual([{ name: 'gone', data: { host: 'web-1' } }]);
  expect([registry.size, registry.refused]).toEqual([0, 1]);
});

test('late samples shorten the gap they fall into, from its ends and from within', () => {
  const gaps = new GapList();
  const gap = { host: 'web-1', channel: 'metrics', reason: 'offline', count: null } as const;
  const every = (from: number, to: number) =>
    Array.from({ length: (to - from) / 1_000 + 1 }, (_, index) => from + index * 1_000);
  gaps.push({ ...gap, from: 0, to: 100_000 }, 0);
  gaps.push({ ...gap, reason: 'asleep', from: 0, to: 100_000 }, 0);
  const left = () =>
    gaps
      .since(-1)
      .filter(({ reason }) => reason === 'offline')
      .map(({ from, to }) => [from, to]);
  gaps.fill(every(1_000, 10_000), 1_000);
  expect(left()).toEqual([[10_000, 100_000]]);
  gaps.fill([...every(40_000, 50_000), ...every(60_000, 65_000)], 1_000);
  expect(left()).toEqual([
    [10_000, 40_000],
    [50_000, 60_000],
    [65_000, 100_000],
  ]);
  gaps.fill(every(11_000, 99_000), 1_000);
  expect(left()).toEqual([]);
  expect(gaps.since(-1)).toHaveLength(1);
});
