/** From stream events to what the screens show. */
import { describe, expect, it } from 'vitest';
import type { StreamEvent, StreamEventName, StreamEventOf } from '../../../../shared/events.ts';
import type { Host } from '../../../../shared/schema/host.ts';
import { createDashboard, FEW_HOSTS, type Dashboard } from '../../../../renderer/store/dashboard.ts';
import { vitalKeys } from '../../../../renderer/store/vital-keys.ts';
import { LogStore } from '../../../../renderer/store/log-store.ts';
import {
  hostOf as hostWith,
  logLineOf,
  logSourceOf,
  sampleOf,
  startTime,
} from '../../../support/observations.ts';

function hostOf(id: string): Host {
  return hostWith(id, { lastSeen: startTime });
}

const hello = {
  protocol: 1,
  hubVersion: '0.1.0',
  epoch: 'abcd',
  serverTime: startTime,
  intervalMs: 1_000,
  heartbeatMs: 15_000,
  role: 'owner' as const,
  channels: [],
  hosts: null,
};

let sequence = 0;
function apply<Name extends StreamEventName>(
  dashboard: Dashboard,
  name: Name,
  data: StreamEventOf<Name>['data'],
): void {
  dashboard.applyEvent({ name, data } as StreamEvent, `abcd-${++sequence}`);
}

function openWith(...ids: string[]): Dashboard {
  const dashboard = createDashboard({ logs: new LogStore({ schedule: (flush) => flush() }) });
  apply(dashboard, 'hello', { ...hello, resumed: false });
  for (const id of ids) apply(dashboard, 'host', hostOf(id));
  apply(dashboard, 'ready', { cursor: 'abcd-1', replayed: 0 });
  return dashboard;
}

function shownIds(dashboard: Dashboard): string[] {
  return dashboard.hosts.value.map((state) => state.id);
}

describe('the dashboard', () => {
  it('keeps the state of a host through a reconnect', () => {
    const dashboard = openWith('web-1');
    const state = dashboard.hostById('web-1');
    apply(dashboard, 'sample', sampleOf('web-1', 3));
    apply(dashboard, 'hello', { ...hello, resumed: true });
    apply(dashboard, 'sample', sampleOf('web-1', 4));
    apply(dashboard, 'ready', { cursor: 'abcd-9', replayed: 1 });
    expect(dashboard.hostById('web-1')).toBe(state);
    expect(state?.sample.value?.cpu.user).toBe(4);
    expect(state?.series.size).toBe(2);
  });

  it('drops the hosts a new snapshot does not name, and no host before it is complete', () => {
    const dashboard = openWith('web-1', 'web-2');
    apply(dashboard, 'reset', { reason: 'epoch' });
    apply(dashboard, 'host', hostOf('web-2'));
    expect(shownIds(dashboard)).toEqual(['web-1', 'web-2']);
    apply(dashboard, 'ready', { cursor: 'abcd-1', replayed: 0 });
    expect(shownIds(dashboard)).toEqual(['web-2']);
    expect(dashboard.hostById('web-1')).toBeUndefined();
  });

  it('drops no host after an exact replay', () => {
    const dashboard = openWith('web-1');
    apply(dashboard, 'hello', { ...hello, resumed: true });
    apply(dashboard, 'ready', { cursor: 'abcd-1', replayed: 0 });
    expect(shownIds(dashboard)).toEqual(['web-1']);
  });

  it('leaves out measurements of a host nobody named', () => {
    const dashboard = openWith('web-1');
    apply(dashboard, 'sample', sampleOf('stranger'));
    expect(shownIds(dashboard)).toEqual(['web-1']);
  });

  it('keeps one entry per log source, the newest', () => {
    const dashboard = openWith('web-1');
    apply(dashboard, 'source', logSourceOf('web-1'));
    apply(dashboard, 'source', logSourceOf('web-1', { id: '/var/log/b', label: 'a.log' }));
    apply(dashboard, 'source', logSourceOf('web-1', { state: 'denied', reason: 'no permission' }));
    const sources = dashboard.hostById('web-1')!.sources.value;
    expect(sources.map(({ label, state }) => [label, state])).toEqual([
      ['a.log', 'following'],
      ['app.log', 'denied'],
    ]);
  });

  it('lets go of a log source that is gone', () => {
    const dashboard = openWith('web-1');
    apply(dashboard, 'source', logSourceOf('web-1'));
    apply(dashboard, 'source', logSourceOf('web-1', { id: '/var/log/b', label: 'b.log' }));
    apply(dashboard, 'source', logSourceOf('web-1', { state: 'waiting', gone: true }));
    expect(dashboard.hostById('web-1')!.sources.value.map(({ label }) => label)).toEqual(['b.log']);
  });

  it('remembers the newest lines of level warn and above, per host', () => {
    const dashboard = openWith('web-1', 'web-2');
    for (let index = 0; index < 30; index++) {
      apply(dashboard, 'log', logLineOf('web-1', index, { level: index % 2 === 0 ? 'error' : 'info' }));
    }
    const { value } = dashboard.hostById('web-1')!.warnings;
    expect(value).toHaveLength(15);
    expect(value.at(-1)?.text).toBe('line 28');
    expect(dashboard.hostById('web-2')!.warnings.value).toEqual([]);
  });

  it('shows a gap of the whole stream on every host, one of a host on that host alone', () => {
    const dashboard = openWith('web-1', 'web-2');
    const gap = { channel: 'metrics' as const, from: 1, to: 2, count: null };
    apply(dashboard, 'gap', { ...gap, host: null, reason: 'slow-reader' });
    apply(dashboard, 'gap', { ...gap, host: 'web-2', reason: 'asleep' });
    expect(dashboard.hostById('web-1')!.gaps.value.map((each) => each.reason)).toEqual(['slow-reader']);
    expect(dashboard.hostById('web-2')!.gaps.value.map((each) => each.reason)).toEqual([
      'slow-reader',
      'asleep',
    ]);
  });

  it('changes nothing on the screen while held, and misses nothing once released', () => {
    const dashboard = openWith('web-1');
    const state = dashboard.hostById('web-1')!;
    dashboard.publisher.hold();
    const before = state.series.revision.value;
    for (let index = 0; index < 50; index++) apply(dashboard, 'sample', sampleOf('web-1', index));
    expect(state.sample.value).toBeNull();
    expect(state.series.revision.value).toBe(before);
    dashboard.publisher.release();
    expect(state.sample.value?.cpu.user).toBe(49);
    expect(state.series.size).toBe(50);
  });

  it('inserts late samples by their time, and remembers that they were late', () => {
    const dashboard = openWith('web-1');
    const state = dashboard.hostById('web-1')!;
    apply(dashboard, 'sample', sampleOf('web-1', 1));
    apply(dashboard, 'sample', sampleOf('web-1', 9));
    const times = [3, 4, 5].map((index) => startTime + index * 1_000);
    apply(dashboard, 'backfill', {
      host: 'web-1',
      intervalMs: 1_000,
      times,
      series: { 'cpu.user': [3, 4, 5] },
    });
    const { columns } = state.series.window(['cpu.user'], startTime, startTime + 9_000);
    expect([...columns[0]!]).toEqual([1, 3, 4, 5, 9]);
    expect(state.lateSpans.value.map(({ from, to }) => [from, to])).toEqual([[times[0], times[2]]]);
    // What is late is not what is newest.
    expect(state.sample.value?.time).toBe(startTime + 9_000);
  });

  it('takes the word of late samples that it does not hold for what it is: no sample', () => {
    const dashboard = openWith('web-1');
    const state = dashboard.hostById('web-1')!;
    const times = [startTime - 7_200_000, startTime - 3_600_000];
    apply(dashboard, 'backfill', { host: 'web-1', intervalMs: 1_000, times, series: {} });
    expect(state.series.oldest).toBeNull();
    expect(state.lateSpans.value.map(({ from, to }) => [from, to])).toEqual([times]);
  });

  it('lets a host go that is gone, remembers its name, and takes it back', () => {
    const dashboard = openWith('web-1', 'web-2');
    apply(dashboard, 'gone', { host: 'web-1' });
    expect(shownIds(dashboard)).toEqual(['web-2']);
    expect(dashboard.hostById('web-1')).toBeUndefined();
    expect(dashboard.gone.value.get('web-1')).toBe('web-1.example.net');
    expect(dashboard.timeline.entries.value.at(-1)).toMatchObject({ kind: 'gone', host: 'web-1' });
    apply(dashboard, 'host', hostOf('web-1'));
    expect(shownIds(dashboard)).toEqual(['web-2', 'web-1']);
    expect(dashboard.gone.value.size).toBe(0);
  });

  it('keeps all series of few hosts; of many only the vital ones, and all of one that is looked at', () => {
    const ids = Array.from({ length: FEW_HOSTS }, (_, index) => `web-${index}`);
    const dashboard = openWith(...ids);
    const keysOf = (id: string) => dashboard.hostById(id)!.series.keys();
    const measure = () => {
      for (const id of ids) apply(dashboard, 'sample', sampleOf(id, 1));
    };
    measure();
    expect(keysOf('web-0')).toContain('core.0.busy');
    const stopLooking = dashboard.look('web-1');
    apply(dashboard, 'host', hostOf('one-more'));
    measure();
    expect(keysOf('web-0')).toEqual([...keysOf('web-0')].filter((key) => vitalKeys.includes(key as never)));
    expect(keysOf('web-0')).toContain('cpu.idle');
    expect(keysOf('web-1')).toContain('core.0.busy');
    stopLooking();
    expect(keysOf('web-1')).not.toContain('core.0.busy');
    apply(dashboard, 'gone', { host: 'one-more' });
    measure();
    expect(keysOf('web-0')).toContain('core.0.busy');
  });

  it('shows the many hosts of a snapshot together, at its end', () => {
    const ids = Array.from({ length: 40 }, (_, index) => `web-${index}`);
    const dashboard = createDashboard({ logs: new LogStore({ schedule: (flush) => flush() }) });
    apply(dashboard, 'hello', { ...hello, resumed: false });
    for (const id of ids) apply(dashboard, 'host', hostOf(id));
    expect(shownIds(dashboard)).toHaveLength(FEW_HOSTS);
    apply(dashboard, 'ready', { cursor: 'abcd-1', replayed: 0 });
    expect(shownIds(dashboard)).toEqual(ids);
  });
});
