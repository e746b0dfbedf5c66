/** Hubs that read each other, hubs in a row, and hosts that share an id. */
import { expect, test } from 'vitest';
import { startHostileUpstream } from '../support/hostile-upstream.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { addUpstream, hostsOfHub, untilUpstream, upstreamsOf } from '../support/upstream-client.ts';
import { until } from '../support/until.ts';

const quick = { upstreamRetryMs: 20, upstreamRefusedRetryMs: 50 };

function watch(hub: TestHub, id: string, name = id): void {
  hub.sink.describe(observedHost(id, { name }));
  hub.sink.observe({ name: 'sample', data: sampleOf(id, 0, { time: Date.now() }) });
}

function read(hub: TestHub, source: TestHub) {
  return addUpstream(hub, source.origin, { token: source.ownerToken });
}

async function idsOf(hub: TestHub): Promise<string[]> {
  return (await hostsOfHub(hub)).map(({ host }) => host.id).toSorted();
}

function untilIds(hub: TestHub, ids: string[]): Promise<true> {
  return until(`the hosts ${ids.join(', ')}`, async () => (await idsOf(hub)).join() === ids.join() || null);
}

test('a hub does not read itself', async () => {
  await using hub = await startTestHub(quick);
  watch(hub, 'web-1');
  await read(hub, hub);
  expect((await untilUpstream(hub, 'refused')).reason).toContain('is this hub itself.');
  expect(await idsOf(hub)).toEqual(['web-1']);
});

test('one hub by two names is read once', async () => {
  await using source = await startTestHub();
  await using hub = await startTestHub(quick);
  watch(source, 'web-1');
  await read(hub, source);
  await untilUpstream(hub, 'live');
  const { id } = await addUpstream(hub, `http://localhost:${source.port}`, { token: source.ownerToken });
  const { reason } = await untilUpstream(hub, 'refused', id);
  expect(reason).toContain(`is the hub that is already read as ${source.origin}.`);
  expect(await idsOf(hub)).toEqual(['web-1']);
});

test('one hub by two names is read once from its greeting on', async () => {
  await using source = await startHostileUpstream('never-ready');
  await using hub = await startTestHub(quick);
  await addUpstream(hub, source.origin);
  await untilIds(hub, ['web-1']);
  const { id } = await addUpstream(hub, source.origin.replace('127.0.0.1', 'localhost'));
  await untilUpstream(hub, 'refused', id);
  expect(await idsOf(hub)).toEqual(['web-1']);
});

test('two hubs that read each other show each host once', async () => {
  await using one = await startTestHub(quick);
  await using two = await startTestHub(quick);
  watch(one, 'web-1');
  watch(two, 'web-2');
  await read(one, two);
  await read(two, one);
  await untilIds(one, ['web-1', 'web-2']);
  await untilIds(two, ['web-1', 'web-2']);
  using reader = readStream(one);
  await reader.until('ready');
  one.sink.observe({ name: 'sample', data: sampleOf('web-1', 7, { time: Date.now() }) });
  two.sink.observe({ name: 'sample', data: sampleOf('web-2', 8, { time: Date.now() }) });
  await reader.until('sample', ({ host, cpu }) => host === 'web-2' && cpu.user === 8);
  expect(reader.dataOf('sample').filter(({ cpu }) => cpu.user === 7)).toHaveLength(1);
  expect(await idsOf(one)).toEqual(['web-1', 'web-2']);
});

test('three hubs in a ring show each host once', async () => {
  await using one = await startTestHub(quick);
  await using two = await startTestHub(quick);
  await using three = await startTestHub(quick);
  const all = ['web-1', 'web-2', 'web-3'];
  for (const [at, hub] of [one, two, three].entries()) watch(hub, all[at]!);
  await read(one, two);
  await read(two, three);
  await read(three, one);
  for (const hub of [one, two, three]) await untilIds(hub, all);
  one.sink.observe({ name: 'sample', data: sampleOf('web-1', 7, { time: Date.now() }) });
  await until('the sample around the ring', async () =>
    (await hostsOfHub(two)).some(({ sample }) => sample?.host === 'web-1' && sample.cpu.user === 7),
  );
  for (const hub of [one, two, three]) expect(await idsOf(hub)).toEqual(all);
  const through = (await hostsOfHub(two)).find(({ host }) => host.id === 'web-1')!.host;
  expect(through).toMatchObject({ origin: 'upstream', via: [expect.any(String), expect.any(String)] });
});

test('an id that is taken gets another, which stays, and shows whose it is', async () => {
  await using folder = await makeTempFolder();
  await using source = await startTestHub();
  watch(source, 'web-1', 'web');
  for (const round of ['first', 'again']) {
    await using hub = await startTestHub({ ...quick, dataDir: folder.path });
    watch(hub, 'web-1', 'web');
    if (round === 'first') await read(hub, source);
    await untilUpstream(hub, 'live');
    const hosts = (await hostsOfHub(hub)).map(({ host }) => [host.id, host.name, host.origin]).toSorted();
    expect(hosts).toEqual([
      ['web-1', 'web', 'local'],
      ['web-1-2', `web (127.0.0.1:${source.port})`, 'upstream'],
    ]);
    using reader = readStream(hub);
    await reader.until('ready');
    source.sink.observe({ name: 'sample', data: sampleOf('web-1', 9, { time: Date.now() }) });
    const { data } = await reader.until('sample', ({ cpu }) => cpu.user === 9);
    expect(data.host).toBe('web-1-2');
    expect(await upstreamsOf(hub)).toMatchObject([{ hosts: ['web-1-2'] }]);
  }
});
