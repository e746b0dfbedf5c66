/** How many streams may be open, when their slots are free again, and how they end with the hub. */
import { expect, test } from 'vitest';
import type { Problem } from '../../shared/snapshot.ts';
import { metric } from '../support/metric.ts';
import { logLineOf, observedHost } from '../support/observations.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { until } from '../support/until.ts';

test.for([
  ['maxStreams', 'hub'],
  ['maxStreamsPerToken', 'token'],
  ['maxStreamsPerAddress', 'address'],
] as const)(
  'past %s a stream is refused with 429, and a closed one frees its slot',
  async ([cap, holder]) => {
    await using hub = await startTestHub({ [cap]: 2 });
    using first = readStream(hub);
    using second = readStream(hub);
    await Promise.all([first.until('ready'), second.until('ready')]);
    const refused = await hub.get('/api/v1/stream');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const { error } = (await refused.json()) as Problem;
    expect(error.code).toBe('too-many-streams');
    expect(error.message).toContain(`This ${holder} has 2 streams open`);

    second.socket.resetAndDestroy();
    await until('the slot', async () => (await metric(hub, 'watchline_hub_streams')) === 1);
    using third = readStream(hub);
    await third.until('ready');
  },
);

test('ping leaves on every stream, named, at the heartbeat', async () => {
  await using hub = await startTestHub({ heartbeatMs: 20 });
  using reader = readStream(hub);
  await until('three pings', () => reader.dataOf('ping').length >= 3);
  expect(reader.dataOf('hello')[0]!.heartbeatMs).toBe(20);
});

test('a stopping hub sends what is pending, says bye with spread return times, and ends every stream', async () => {
  const hub = await startTestHub({ flushWindowMs: 60_000 });
  hub.sink.describe(observedHost());
  const readers = Array.from({ length: 200 }, () => readStream(hub));
  await Promise.all(readers.map((reader) => reader.until('ready')));
  // The first event leaves at once and opens a window of a minute: the second is pending when the hub stops.
  hub.sink.observe({ name: 'log', data: logLineOf('web-1', 1) });
  await Promise.all(readers.map((reader) => reader.until('log')));
  hub.sink.observe({ name: 'log', data: logLineOf('web-1', 2) });
  await hub[Symbol.asyncDispose]();
  await Promise.all(readers.map((reader) => reader.closed));
  for (const reader of readers) {
    expect(reader.dataOf('log').map((line) => line.text)).toEqual(['line 1', 'line 2']);
    expect(reader.dataOf('bye')[0]!.reason).toBe('shutdown');
    expect(reader.retryMs).toBe(reader.dataOf('bye')[0]!.retryMs);
  }
  expect(new Set(readers.map((reader) => reader.retryMs)).size).toBeGreaterThan(20);
});

test('events of one flush window leave as one write per reader, a lone one at once', async () => {
  await using hub = await startTestHub({ flushWindowMs: 50 });
  hub.sink.describe(observedHost());
  using reader = readStream({ ...hub, query: 'channels=logs' });
  await reader.until('ready');
  const before = (await metric(hub, 'watchline_hub_writes_total'))!;
  for (let index = 0; index < 100; index++)
    hub.sink.observe({ name: 'log', data: logLineOf('web-1', index) });
  await until('all of them', () => reader.dataOf('log').length === 100);
  expect((await metric(hub, 'watchline_hub_writes_total'))! - before).toBe(1);
});

test('without a flush window only the events of one turn of the event loop leave together', async () => {
  await using hub = await startTestHub({ flushWindowMs: 0 });
  hub.sink.describe(observedHost());
  using reader = readStream({ ...hub, query: 'channels=logs' });
  await reader.until('ready');
  const before = (await metric(hub, 'watchline_hub_writes_total'))!;
  for (let index = 0; index < 10; index++) {
    hub.sink.observe({ name: 'log', data: logLineOf('web-1', 2 * index) });
    hub.sink.observe({ name: 'log', data: logLineOf('web-1', 2 * index + 1) });
    await reader.until('log', (line) => line.text === `line ${2 * index + 1}`);
  }
  expect((await metric(hub, 'watchline_hub_writes_total'))! - before).toBe(10);
});
