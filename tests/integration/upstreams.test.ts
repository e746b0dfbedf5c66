/** One hub reads another: hosts, events and statuses arrive once, whatever the way does. */
import { expect, test } from 'vitest';
import {
  addUpstream,
  askUpstreams,
  hostsOfHub,
  untilUpstream,
  upstreamsOf,
} from '../support/upstream-client.ts';
import { startCuttingRelay } from '../support/cutting-relay.ts';
import { logLineOf, logSourceOf, observedHost, sampleOf } from '../support/observations.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream, type StreamReader } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const quick = { upstreamRetryMs: 20, upstreamRefusedRetryMs: 50 };

/** Samples of now: what is older than a quarter of an hour no page holds. */
function nowSample(host: string, index = 0): ReturnType<typeof sampleOf> {
  return sampleOf(host, index, { time: Date.now() });
}

function watch(hub: TestHub, id: string): void {
  hub.sink.describe(observedHost(id));
  hub.sink.observe({ name: 'sample', data: nowSample(id) });
}

function linesOf(reader: StreamReader): number[] {
  return reader.dataOf('log').map(({ text }) => Number(text.split(' ')[1]));
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}

function sayLines(hub: TestHub, from: number, to: number, host = 'web-1'): void {
  for (let at = from; at < to; at++) hub.sink.observe({ name: 'log', data: logLineOf(host, at) });
}

test('the hosts of another hub are hosts here, with all that is known of them, live', async () => {
  await using source = await startTestHub();
  await using hub = await startTestHub(quick);
  watch(source, 'web-1');
  source.sink.observe({ name: 'source', data: logSourceOf() });
  sayLines(source, 0, 3);
  using reader = readStream(hub);
  await reader.until('ready');
  const { id } = await addUpstream(hub, source.origin, { token: source.ownerToken, group: 'Paris' });
  await untilUpstream(hub, 'live', id);
  const [snapshot] = await hostsOfHub(hub);
  expect(snapshot).toMatchObject({
    host: { id: 'web-1', name: 'web-1.example.net', status: 'live', origin: 'upstream', group: 'Paris' },
    sample: { host: 'web-1' },
    sources: [{ id: '/var/log/app.log' }],
  });
  sayLines(source, 3, 5);
  source.sink.observe({ name: 'sample', data: nowSample('web-1', 42) });
  await reader.until('sample', ({ cpu }) => cpu.user === 42);
  expect(linesOf(reader)).toEqual(numbers(0, 5));
  expect(await upstreamsOf(hub)).toMatchObject([
    { origin: source.origin, state: 'live', reason: null, hosts: ['web-1'], hubVersion: '0.0.0-test' },
  ]);
});

test('a cut way loses no line and doubles none, whether it breaks between events or within one', async () => {
  await using source = await startTestHub();
  await using hub = await startTestHub(quick);
  watch(source, 'web-1');
  for (const where of ['within', 'after'] as const) {
    await using relay = await startCuttingRelay(source.port, where);
    const { id } = await addUpstream(hub, relay.origin, { token: source.ownerToken });
    await untilUpstream(hub, 'live', id);
    using reader = readStream({ ...hub, query: 'channels=logs' });
    await reader.until('ready');
    const first = linesOf(reader).length;
    const start = where === 'within' ? 0 : 10_000;
    for (let round = 0; round < 5; round++) {
      relay.cut();
      // More than a snapshot holds: only the replay has them all.
      sayLines(source, start + round * 400, start + (round + 1) * 400);
      await until('another connection', () => relay.connections > round + 1);
    }
    await reader.until('log', ({ text }) => text === `line ${start + 1_999}`);
    expect(linesOf(reader).slice(first)).toEqual(numbers(start, start + 2_000));
    await askUpstreams(hub, 'DELETE', `/${id}`);
  }
});

test('a hub that is started again goes on at its kept cursor, and shows what it had meanwhile', async () => {
  await using source = await startTestHub();
  await using folder = await makeTempFolder();
  watch(source, 'web-1');
  source.sink.observe({ name: 'source', data: logSourceOf() });
  {
    await using hub = await startTestHub({ ...quick, dataDir: folder.path });
    await addUpstream(hub, source.origin, { token: source.ownerToken });
    await untilUpstream(hub, 'live');
    using reader = readStream(hub);
    sayLines(source, 0, 10);
    await reader.until('log', ({ text }) => text === 'line 9');
  }
  sayLines(source, 10, 300);
  await using hub = await startTestHub({ ...quick, dataDir: folder.path });
  using reader = readStream(hub);
  await untilUpstream(hub, 'live');
  await until('the last line', () => linesOf(reader).at(-1) === 299);
  expect(linesOf(reader)).toEqual(numbers(10, 300));
  expect(await hostsOfHub(hub)).toMatchObject([
    {
      host: { id: 'web-1', status: 'live' },
      sources: [{ id: '/var/log/app.log' }],
      sample: { host: 'web-1' },
    },
  ]);
});
