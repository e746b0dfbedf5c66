/** Views: what a reader asked for, in the snapshot and live. */
import { expect, test } from 'vitest';
import type { Problem } from '../../shared/snapshot.ts';
import { logLineOf, observedHost, processesOf, sampleOf } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';

function startTwoHosts(): Promise<TestHub> {
  return startTestHub({
    observers: [new ScriptedObserver(observedHost('web-1')), new ScriptedObserver(observedHost('db-1'))],
  });
}

function observeAll(hub: TestHub): void {
  for (const host of ['web-1', 'db-1']) {
    hub.sink.observe({ name: 'sample', data: sampleOf(host, 7) });
    hub.sink.observe({ name: 'processes', data: processesOf(host, 7) });
    hub.sink.observe({ name: 'log', data: logLineOf(host, 1, { level: 'warn' }) });
    hub.sink.observe({ name: 'log', data: logLineOf(host, 2, { level: 'debug' }) });
    hub.sink.observe({ name: 'log', data: logLineOf(host, 3, { level: null }) });
  }
}

test('channels and hosts narrow what is live', async () => {
  await using hub = await startTwoHosts();
  using reader = readStream({ ...hub, query: 'channels=metrics,logs&hosts=db-1' });
  await reader.until('ready');
  observeAll(hub);
  await reader.until('log', (line) => line.text === 'line 3');
  const live = reader.events.slice(reader.events.findIndex((event) => event.name === 'ready') + 1);
  expect(live.map((event) => event.name)).toEqual(['sample', 'log', 'log', 'log']);
  expect(live.every((event) => 'host' in event.data && event.data.host === 'db-1')).toBe(true);
  expect(reader.dataOf('hello')[0]).toMatchObject({ channels: ['metrics', 'logs'], hosts: ['db-1'] });
  expect(reader.dataOf('host').map((host) => host.id)).toEqual(['db-1']);
});

test('a level floor holds live and in the snapshot, and leaves lines of unknown level out', async () => {
  await using hub = await startTwoHosts();
  using live = readStream({ ...hub, query: 'channels=logs&level=info&hosts=web-1' });
  await live.until('ready');
  observeAll(hub);
  hub.sink.observe({ name: 'log', data: logLineOf('web-1', 9, { level: 'fatal' }) });
  await live.until('log', (line) => line.level === 'fatal');
  expect(live.dataOf('log').map((line) => line.level)).toEqual(['warn', 'fatal']);
  using later = readStream({ ...hub, query: 'channels=logs&level=info&hosts=web-1' });
  await later.until('ready');
  expect(later.dataOf('log').map((line) => line.level)).toEqual(['warn', 'fatal']);
});

test('a gap reaches the readers of the channel it is in', async () => {
  await using hub = await startTwoHosts();
  using logs = readStream({ ...hub, query: 'channels=logs' });
  using metrics = readStream({ ...hub, query: 'channels=metrics' });
  await Promise.all([logs.until('ready'), metrics.until('ready')]);
  const gap = {
    host: 'web-1',
    channel: 'logs',
    reason: 'source-overflow',
    from: 1,
    to: 2,
    count: 3,
  } as const;
  hub.sink.observe({ name: 'gap', data: gap });
  hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 8) });
  expect((await logs.until('gap')).data).toEqual(gap);
  await metrics.until('sample', (sample) => sample.cpu.user === 8);
  expect(metrics.dataOf('gap')).toEqual([]);
});

test('recent seconds are as many as asked for', async () => {
  await using hub = await startTwoHosts();
  for (let index = 1; index < 100; index++)
    hub.sink.observe({ name: 'sample', data: sampleOf('web-1', index) });
  const timesOf = async (query: string) => {
    using reader = readStream({ ...hub, query: `hosts=web-1&${query}` });
    await reader.until('ready');
    return reader.dataOf('recent')[0]?.times.length;
  };
  expect(await timesOf('recent=10')).toBe(10);
  expect(await timesOf('channels=metrics')).toBe(60);
  expect(await timesOf('recent=900')).toBe(100);
  expect(await timesOf('recent=0')).toBeUndefined();
});

test('a host that is not known yet is followed once it appears', async () => {
  await using hub = await startTwoHosts();
  using reader = readStream({ ...hub, query: 'hosts=new-1' });
  await reader.until('ready');
  expect(reader.dataOf('host')).toEqual([]);
  hub.sink.describe(observedHost('new-1'));
  expect((await reader.until('host')).data.id).toBe('new-1');
});

test.for([
  'channels=metrics,secrets',
  'channels=',
  'hosts=../etc',
  'level=loud',
  'recent=901',
  'recent=-1',
  'token=abc',
  'recent=1&recent=2',
])('?%s is refused by name', async (query) => {
  await using hub = await startTwoHosts();
  const response = await hub.get(`/api/v1/stream?${query}`);
  const { error } = (await response.json()) as Problem;
  expect(response.status).toBe(400);
  expect(error.code).toBe('bad-parameter');
  expect(error.message).toContain(`"${query.split('=', 1)[0]}"`);
});

test('a channel has an address of its own', async () => {
  await using hub = await startTwoHosts();
  const aborting = new AbortController();
  const headers = { Authorization: `Bearer ${hub.ownerToken}` };
  const response = await fetch(`${hub.origin}/api/v1/stream/logs?hosts=db-1`, {
    headers,
    signal: aborting.signal,
  });
  const { value } = await response.body!.getReader().read();
  aborting.abort();
  expect(new TextDecoder().decode(value)).toContain('"channels":["logs"],"hosts":["db-1"]');
  expect((await hub.get('/api/v1/stream/secrets')).status).toBe(404);
  expect((await hub.get('/api/v1/stream/logs?channels=logs')).status).toBe(400);
});
