/** node_exporters as hosts: what is taken and refused, what becomes of their numbers, and how they come and go. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { keyringOf } from '../../hub/access/keyring.ts';
import { exporterEntry, type ExporterEntry } from '../../shared/schema/interop.ts';
import { hostsAnswer, problem } from '../../shared/snapshot.ts';
import { addTarget, askTargets, targetsOf, untilTarget } from '../support/interop-client.ts';
import { observedHost } from '../support/observations.ts';
import { startFakeExporter } from '../support/peers/fake-exporter.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const quick = { upstreamRetryMs: 10, upstreamRefusedRetryMs: 20 };
const secret = 'correct horse battery';

async function hostsOf(hub: TestHub) {
  return hostsAnswer.parse(await (await hub.get('/api/v1/hosts')).json()).hosts;
}

function untilState(hub: TestHub, state: ExporterEntry['state']): Promise<ExporterEntry> {
  return untilTarget(hub, 'exporters', `an exporter that is ${state}`, (entry) => entry.state === state);
}

test('its counters become rates, its gauges are told, and it is a host like any other', async () => {
  await using exporter = await startFakeExporter();
  await using hub = await startTestHub(quick);
  const added = await addTarget(hub, 'exporters', {
    url: exporter.origin,
    intervalSeconds: 1,
    group: 'racks',
  });
  expect(exporterEntry.parse(added)).toMatchObject({
    url: `${exporter.origin}/metrics`,
    host: null,
  });
  const told = await until('a sample', async () => (await hostsOf(hub)).find((one) => one.sample !== null));
  expect(told.host).toMatchObject({
    id: 'rack-7',
    name: 'rack-7',
    origin: 'exporter',
    group: 'racks',
    status: 'live',
    agentVersion: '1.5.0',
    intervalMs: 1_000,
  });
  expect(told.sample).toMatchObject({ cpu: { user: 25, idle: 75 }, memory: { totalBytes: 8e9 } });
  expect(told.filesystems!.mounts).toHaveLength(1);
  expect(told.sensors!.temperatures[0]!.label).toBe('coretemp Package id 0');
  expect(await untilState(hub, 'live')).toMatchObject({ host: 'rack-7', version: '1.5.0', reason: null });
});

const refusedAddresses = [
  ['http://', 'bad-target-url'],
  ['file:///etc/passwd', 'bad-target-url'],
  ['http://me:secret@127.0.0.1:9100/', 'bad-target-url'],
  ['http://169.254.169.254/metrics', 'forbidden-target'],
  ['http://[::ffff:a9fe:a9fe]:80/metrics', 'forbidden-target'],
  ['2852039166:80', 'forbidden-target'],
] as const;

test('addresses of no server, and of cloud metadata by any notation, are refused before anything is asked', async () => {
  await using hub = await startTestHub(quick);
  for (const [url, code] of refusedAddresses) {
    const answer = await askTargets(hub, 'exporters', 'POST', '', { url });
    const { error } = problem.parse(await answer.json());
    expect([url, answer.status, error.code]).toEqual([url, 400, code]);
    expect(error.message).not.toContain('secret');
  }
  expect(await targetsOf(hub, 'exporters')).toEqual([]);
});

test('what makes no sense is refused with a word, and one address is asked once', async () => {
  await using hub = await startTestHub(quick);
  const codeOf = async (body: object, kind: 'exporters' | 'remote-writes' = 'exporters') => {
    const answer = await askTargets(hub, kind, 'POST', '', body);
    return [answer.status, problem.parse(await answer.json()).error.code];
  };
  const url = 'http://127.0.0.1:9/metrics';
  expect(await codeOf({ url, user: 'me' })).toEqual([400, 'bad-secret']);
  expect(await codeOf({ url, user: 'a:b', secret })).toEqual([400, 'bad-secret']);
  expect(await codeOf({ url, secret: 'a\r\nHost: evil' })).toEqual([400, 'bad-secret']);
  expect(await codeOf({ url, pin: `sha256/${'A'.repeat(43)}` })).toEqual([400, 'bad-pin']);
  expect(await codeOf({ url: 'https://127.0.0.1:9', pin: 'sha256/short' })).toEqual([400, 'bad-pin']);
  expect(await codeOf({ url, intervalSeconds: 0 })).toEqual([400, 'bad-body']);
  expect(await codeOf({ url: 'http://127.0.0.1:9/' }, 'remote-writes')).toEqual([400, 'bad-target-url']);
  expect(await codeOf({ url, labels: { 'not a name': 'x' } }, 'remote-writes')).toEqual([400, 'bad-body']);
  await addTarget(hub, 'exporters', { url });
  expect(await codeOf({ url: '127.0.0.1:9' })).toEqual([409, 'target-known']);
  for (const method of ['PATCH', 'DELETE']) {
    const answer = await askTargets(hub, 'exporters', method, '/00000000', { paused: true });
    expect([method, answer.status]).toEqual([method, 404]);
  }
});

test('secrets are sent as they should be; no answer and no open file holds one', async () => {
  await using exporter = await startFakeExporter();
  await using hub = await startTestHub({ ...quick, keyring: keyringOf(Buffer.alloc(32, 7)) });
  const basic = `Basic ${Buffer.from(`ana:${secret}`).toString('base64')}`;
  const ways = {
    a: [{ user: 'ana', secret }, basic],
    b: [{ secret }, `Bearer ${secret}`],
    c: [{}, undefined],
  } as const;
  for (const [way, [secrets, header]] of Object.entries(ways)) {
    exporter.asked.length = 0;
    const added = await addTarget(hub, 'exporters', { url: `${exporter.origin}/${way}`, ...secrets });
    await until('a question', () => exporter.asked.length > 0);
    expect(exporter.asked[0]).toBe(header);
    expect(JSON.stringify(added)).not.toContain(secret);
    await askTargets(hub, 'exporters', 'PATCH', `/${added.id}`, { paused: true });
  }
  const file = path.join(hub.dataDir, 'exporters.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const text of [JSON.stringify(await targetsOf(hub, 'exporters')), readFileSync(file, 'utf8')]) {
    expect(text).not.toContain(secret);
  }
});

const wrong = {
  'refuses the secret': { status: 401, state: 'refused', word: 'refused the secret (401)' },
  'has nothing there': { status: 404, state: 'refused', word: 'answered 404' },
  'is overloaded': { status: 503, state: 'waiting', word: 'answered 503' },
  'is something else': {
    status: 200,
    body: 'up 1\n',
    state: 'refused',
    word: 'not with the metrics of a node_exporter',
  },
  'sends readers elsewhere': { status: 302, to: '/elsewhere', state: 'refused', word: 'does not follow' },
  'answers without end': {
    status: 200,
    body: 'x'.repeat(17 * 1024 * 1024),
    state: 'refused',
    word: 'more than',
  },
  'sends a bomb': { status: 200, bomb: 32 * 1024 * 1024, state: 'refused', word: 'more than' },
  'tells nonsense': { status: 200, body: 'node_memory_MemTotal_bytes 5\nnode_cpu_seconds_total{cpu="0",mode="idle"} 1\nnode_procs_running -5\nnode_forks_total 1\nnode_context_switches_total 1\n', state: 'waiting', word: 'make no sense' }, // prettier-ignore
} as const;

test('what it does wrong is said, and it comes back by itself', async () => {
  await using exporter = await startFakeExporter();
  await using hub = await startTestHub(quick);
  const { id } = await addTarget(hub, 'exporters', { url: exporter.origin, secret });
  for (const [how, { status, state, word, ...more }] of Object.entries(wrong)) {
    exporter.misbehave = (_, answer) => {
      if ('bomb' in more) {
        return void answer
          .writeHead(200, { 'Content-Encoding': 'gzip' })
          .end(gzipSync('x'.repeat(more.bomb)));
      }
      answer.writeHead(status, 'to' in more ? { Location: exporter.origin + more.to } : {});
      answer.end('body' in more ? more.body : '');
    };
    // Asked at once, and not after the interval.
    for (const paused of [true, false]) await askTargets(hub, 'exporters', 'PATCH', `/${id}`, { paused });
    const lost = await untilTarget(hub, 'exporters', how, (entry) => entry.reason?.includes(word) === true);
    expect([how, lost.state]).toEqual([how, state]);
    exporter.misbehave = null;
    await untilState(hub, 'live');
  }
});

test('a silence makes no spike: rates begin anew after it', async () => {
  await using exporter = await startFakeExporter();
  await using hub = await startTestHub(quick);
  await addTarget(hub, 'exporters', { url: exporter.origin, intervalSeconds: 1 });
  await until('a sample', async () => (await hostsOf(hub)).find((one) => one.sample !== null));
  exporter.misbehave = (_, answer) => void answer.writeHead(500).end();
  const lost = await untilState(hub, 'waiting');
  expect((await hostsOf(hub))[0]!.host.uplink!.trouble).toBe(lost.reason);
  const before = (await hostsOf(hub))[0]!.sample!.time;
  // While it was silent it worked hard.
  const shares = [0.9];
  exporter.busy = () => shares.shift() ?? 0.25;
  exporter.misbehave = null;
  const after = await until('a later sample', async () => {
    const { sample } = (await hostsOf(hub))[0]!;
    return sample !== null && sample.time > before && sample;
  });
  expect(after.cpu.user).toBe(25);
  expect((await hostsOf(hub))[0]!.host.uplink!.trouble).toBeNull();
});

test('it is paused, goes on, is there after a restart of the hub, and goes for good', async () => {
  await using folder = await makeTempFolder();
  const exporter = await startFakeExporter();
  {
    await using hub = await startTestHub({ ...quick, dataDir: folder.path });
    const { id } = await addTarget(hub, 'exporters', {
      url: exporter.origin,
      name: 'The rack',
      intervalSeconds: 1,
    });
    await untilState(hub, 'live');
    await askTargets(hub, 'exporters', 'PATCH', `/${id}`, { paused: true });
    expect((await hostsOf(hub))[0]!.host).toMatchObject({ name: 'The rack', status: 'paused' });
    const count = exporter.asked.length;
    await askTargets(hub, 'exporters', 'PATCH', `/${id}`, { paused: false });
    await until('another question', () => exporter.asked.length > count);
    const removal = await fetch(`${hub.origin}/api/v1/hosts/rack-7`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${hub.ownerToken}` },
    });
    expect(problem.parse(await removal.json()).error.code).toBe('exporter-host');
  }
  await exporter[Symbol.asyncDispose]();
  await using hub = await startTestHub({ ...quick, dataDir: folder.path });
  expect((await hostsOf(hub))[0]!.host).toMatchObject({ id: 'rack-7', name: 'The rack', status: 'offline' });
  const [{ id }] = (await targetsOf(hub, 'exporters')) as [ExporterEntry];
  expect((await askTargets(hub, 'exporters', 'DELETE', `/${id}`)).status).toBe(204);
  expect(await hostsOf(hub)).toEqual([]);
  expect(hub.troubles).toEqual([]);
});

test('a machine that is here already is there twice, and told apart', async () => {
  await using exporter = await startFakeExporter();
  await using hub = await startTestHub(quick);
  hub.sink.describe(observedHost('rack-7'));
  await addTarget(hub, 'exporters', { url: exporter.origin });
  await untilState(hub, 'live');
  const place = new URL(exporter.origin).host;
  expect((await hostsOf(hub)).map(({ host }) => [host.id, host.name])).toEqual([
    ['rack-7', 'rack-7.example.net'],
    ['rack-7-2', `rack-7 (${place})`],
  ]);
});
