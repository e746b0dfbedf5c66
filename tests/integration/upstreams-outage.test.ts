/** An upstream that is killed, comes back as another start, or is away for longer than its replay ring reaches. */
import { expect, test } from 'vitest';
import type { Sample } from '../../shared/schema/sample.ts';
import { startCuttingRelay } from '../support/cutting-relay.ts';
import { startHubProcess } from '../support/hub-process.ts';
import { logLineOf, logSourceOf, observedHost, sampleOf } from '../support/observations.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { addUpstream, hostsOfHub, untilUpstream } from '../support/upstream-client.ts';
import { until } from '../support/until.ts';

const quick = { upstreamRetryMs: 20, upstreamRefusedRetryMs: 50, outboxMs: 200 };

/** `secondsAgo` of now. */
function sampleAt(secondsAgo: number, index: number): Sample {
  return sampleOf('web-1', index, { time: Date.now() - secondsAgo * 1_000 });
}

async function hostIs(hub: TestHub, status: string) {
  return await until(`a host that is ${status}`, async () =>
    (await hostsOfHub(hub)).map(({ host }) => host).find((host) => host.status === status),
  );
}

test('an upstream that is killed leaves hosts that go stale, then offline, and say why', async () => {
  await using source = await startHubProcess();
  await using hub = await startTestHub(quick);
  await addUpstream(hub, source.origin, { token: source.ownerToken });
  await source.publish(10);
  await hostIs(hub, 'live');
  using reader = readStream(hub);
  await reader.until('ready');
  process.kill(source.pid, 'SIGKILL');
  const { reason } = await untilUpstream(hub, 'waiting');
  expect(reason).toMatch(/^The stream was lost: .+\. It is opened again by itself\.$|refuses connections/);
  await reader.until('host', ({ status }) => status === 'stale');
  expect((await hostsOfHub(hub))[0]!.host.uplink!.trouble).toBeTruthy();
});

test('beyond the replay ring: samples fill in, each once, and a gap says that lines may be missing', async () => {
  await using source = await startTestHub({ replayBytes: 20_000 });
  await using hub = await startTestHub({ ...quick, upstreamRetryMs: 60_000 });
  await using relay = await startCuttingRelay(source.port, 'after');
  source.sink.describe(observedHost());
  source.sink.observe({ name: 'sample', data: sampleAt(800, 1) });
  for (let at = 0; at < 5; at++) source.sink.observe({ name: 'log', data: logLineOf('web-1', at) });
  const { id } = await addUpstream(hub, relay.origin, { token: source.ownerToken });
  await untilUpstream(hub, 'live', id);
  using reader = readStream(hub);
  await reader.until('ready');
  relay.cut();
  source.sink.observe({ name: 'log', data: logLineOf('web-1', 5) });
  await untilUpstream(hub, 'waiting', id);
  const missed = Array.from({ length: 700 }, (_, at) => sampleAt(790 - at, at + 2));
  for (const data of missed) source.sink.observe({ name: 'sample', data });
  for (let at = 6; at < 1_000; at++) source.sink.observe({ name: 'log', data: logLineOf('web-1', at) });
  // The owner's own way to try again at once.
  for (const paused of [true, false]) {
    await fetch(`${hub.origin}/api/v1/upstreams/${id}`, {
      method: 'PATCH',
      headers: { Authorization: `Bearer ${hub.ownerToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ paused }),
    });
  }
  await reader.until('log', ({ text }) => text === 'line 999');
  const filled = reader.dataOf('backfill').flatMap(({ times }) => times);
  const newest = missed.pop()!;
  expect(filled.toSorted()).toEqual(missed.map(({ time }) => time));
  expect(reader.dataOf('sample').at(-1)!.time).toBe(newest.time);
  const texts = reader.dataOf('log').map(({ text }) => text);
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts).toHaveLength(5 + 1 + 200);
  expect(reader.dataOf('gap')).toMatchObject([{ channel: 'logs', reason: 'offline', count: null }]);
});

test('another start of the same hub: what it repeats of its lines is not doubled', async () => {
  await using folder = await makeTempFolder();
  await using hub = await startTestHub(quick);
  using reader = readStream(hub);
  await reader.until('ready');
  const options = { dataDir: folder.path, tokenFile: `${folder.path}/token` };
  let port = 0;
  for (const lines of [3, 5]) {
    await using source = await startTestHub({ ...options, port });
    source.sink.describe(observedHost());
    source.sink.observe({ name: 'sample', data: sampleAt(0, lines) });
    for (let at = 0; at < lines; at++) source.sink.observe({ name: 'log', data: logLineOf('web-1', at) });
    if (port === 0) await addUpstream(hub, source.origin, { token: source.ownerToken });
    port = source.port;
    await reader.until('log', ({ text }) => text === `line ${lines - 1}`);
  }
  expect(reader.dataOf('log').map(({ text }) => text)).toEqual([0, 1, 2, 3, 4].map((at) => `line ${at}`));
  expect(reader.dataOf('gap')).toEqual([]);
});

test('log sources that went while the other hub was away are not listed any more', async () => {
  await using folder = await makeTempFolder();
  await using hub = await startTestHub(quick);
  const options = { dataDir: folder.path, tokenFile: `${folder.path}/token` };
  let port = 0;
  for (const names of [['a.log', 'b.log'], ['b.log']]) {
    await using source = await startTestHub({ ...options, port });
    source.sink.describe(observedHost());
    for (const id of names) source.sink.observe({ name: 'source', data: logSourceOf('web-1', { id }) });
    source.sink.observe({ name: 'sample', data: sampleAt(0, names.length) });
    if (port === 0) await addUpstream(hub, source.origin, { token: source.ownerToken });
    port = source.port;
    await until(`the sources ${names.join(', ')}`, async () => {
      const [web] = await hostsOfHub(hub);
      return web?.sources.map(({ id }) => id).join() === names.join();
    });
  }
});

test('a host that is offline there is offline here, and lives again with its next sample', async () => {
  await using source = await startTestHub();
  await using hub = await startTestHub(quick);
  source.sink.describe(observedHost('web-1', { intervalMs: 100 }));
  source.sink.observe({ name: 'sample', data: sampleAt(0, 1) });
  await until('it is offline there', async () => (await hostsOfHub(source))[0]!.host.status === 'offline');
  await addUpstream(hub, source.origin, { token: source.ownerToken });
  const offline = await hostIs(hub, 'offline');
  expect(offline.lastSeen).not.toBe(null);
  source.sink.observe({ name: 'sample', data: sampleAt(0, 2) });
  await hostIs(hub, 'live');
});
