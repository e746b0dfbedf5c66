/** What the hub keeps of a host, what it refuses, and when it calls a host stale or offline. */
import { expect, test } from 'vitest';
import { GapList } from '../../../hub/hosts/gap-list.ts';
import { HostRegistry } from '../../../hub/hosts/host-registry.ts';
import type { StreamEvent } from '../../../shared/events.ts';
import { logLineOf, observedHost, sampleOf } from '../../support/observations.ts';

function makeRegistry(): { registry: HostRegistry; published: StreamEvent[]; statuses: () => string[] } {
  const published: StreamEvent[] = [];
  const registry = new HostRegistry((event) => published.push(event));
  const statuses = () => published.flatMap((event) => (event.name === 'host' ? [event.data.status] : []));
  return { registry, published, statuses };
}

test('observations of a host nobody described are refused and counted', () => {
  const { registry, published } = makeRegistry();
  registry.observe({ name: 'sample', data: sampleOf('stranger') });
  registry.observe({
    name: 'gap',
    data: { host: null, channel: 'logs', reason: 'offline', from: 0, to: 1, count: null },
  });
  expect(published).toEqual([]);
  expect(registry.refused).toBe(2);
});

test('a description that changes nothing is no event', () => {
  const { registry, published } = makeRegistry();
  registry.describe(observedHost());
  registry.describe(observedHost());
  expect(published).toHaveLength(1);
  registry.describe(observedHost('web-1', { name: 'renamed' }));
  expect(published[1]).toMatchObject({ name: 'host', data: { name: 'renamed', status: 'live' } });
});

test('a host goes stale after 3 missed intervals, offline after 10, live with the next sample', () => {
  const { registry, statuses } = makeRegistry();
  registry.describe(observedHost());
  registry.observe({ name: 'sample', data: sampleOf() });
  const heardAt = [...registry.records][0]!.heardAt;
  registry.checkStatuses(heardAt + 3_000);
  expect(statuses()).toEqual(['live']);
  registry.checkStatuses(heardAt + 3_001);
  registry.checkStatuses(heardAt + 9_000);
  expect(statuses()).toEqual(['live', 'stale']);
  registry.checkStatuses(heardAt + 10_001);
  registry.checkStatuses(heardAt + 60_000);
  expect(statuses()).toEqual(['live', 'stale', 'offline']);
  registry.observe({ name: 'sample', data: sampleOf('web-1', 1) });
  expect(statuses()).toEqual(['live', 'stale', 'offline', 'live']);
});

test('the status event precedes the sample that caused it', () => {
  const { registry, published } = makeRegistry();
  registry.describe(observedHost());
  registry.checkStatuses([...registry.records][0]!.heardAt + 20_000);
  registry.observe({ name: 'sample', data: sampleOf() });
  expect(published.map((event) => event.name)).toEqual(['host', 'host', 'host', 'sample']);
});

test('log lines kept for snapshots are bounded by number and by size', () => {
  const { registry } = makeRegistry();
  registry.describe(observedHost());
  for (let index = 0; index < 500; index++)
    registry.observe({ name: 'log', data: logLineOf('web-1', index) });
  const { logs } = [...registry.records][0]!;
  expect(logs.lines).toHaveLength(200);
  expect(logs.lines.at(-1)!.text).toBe('line 499');
  for (let index = 0; index < 100; index++) {
    registry.observe({ name: 'log', data: logLineOf('web-1', index, { text: 'x'.repeat(60_000) }) });
  }
  expect(logs.lines.reduce((sum, line) => sum + line.text.length, 0)).toBeLessThanOrEqual(256 * 1024);
});

test('gaps of the last 15 minutes are kept, 64 at most', () => {
  const gaps = new GapList();
  const gapTo = (to: number) =>
    ({ host: 'web-1', channel: 'metrics', reason: 'asleep', from: 0, to, count: null }) as const;
  const minute = 60_000;
  gaps.push(gapTo(minute), minute);
  gaps.push(gapTo(10 * minute), 10 * minute);
  expect(gaps.since(0).map(({ to }) => to)).toEqual([minute, 10 * minute]);
  gaps.push(gapTo(17 * minute), 17 * minute);
  expect(gaps.since(0).map(({ to }) => to)).toEqual([10 * minute, 17 * minute]);
  expect(gaps.since(10 * minute).map(({ to }) => to)).toEqual([17 * minute]);
  for (let count = 0; count < 100; count++) gaps.push(gapTo(18 * minute), 18 * minute);
  expect(gaps.since(0)).toHaveLength(64);
});
