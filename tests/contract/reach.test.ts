/** How a hub is reached: what its owner may choose, what is kept of it, and what is refused. */
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { defaultReach } from '../../shared/schema/reach.ts';
import { askAsOwner } from '../support/agent-client.ts';
import { changeReach, reachOf, refusedReach, testReach } from '../support/reach-hub.ts';
import { exchangeRaw, getRequest } from '../support/raw-request.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

test('a hub of its own machine says so, and has nothing to be trusted', async () => {
  await using hub = await startTestHub();
  expect(await reachOf(hub)).toEqual({
    settings: defaultReach,
    fixed: [],
    listener: { state: 'closed', port: null, trouble: null },
    base: {
      url: hub.origin,
      kind: 'loopback',
      warning: expect.stringContaining('this machine only') as string,
    },
    origins: [hub.origin],
    certificate: null,
    authority: null,
    lastVisit: null,
  });
  const authority = await fetch(`${hub.origin}/ca.crt`);
  expect(authority.status).toBe(404);
  expect(await authority.text()).toContain('no-authority');
});

test('a busy port is told in one sentence: it stops no start, and a change to it changes nothing', async () => {
  await using other = createServer().listen(0, '::');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await using hub = await startTestHub({ reach: { network: 'tls', port } });
  expect(hub.troubles).toMatchObject([
    { code: 'port-in-use', message: `Port ${port} is already in use by another program.` },
  ]);
  const { listener, base } = await reachOf(hub);
  expect(listener).toMatchObject({ state: 'failed', port: null });
  expect(listener.trouble).toMatch(new RegExp(`^Port ${port} is already in use .* such as ${port + 1}`));
  expect(base.kind).toBe('loopback');

  await using free = await startTestHub();
  const open = await changeReach(free, { network: 'plain', port: 0, acceptsPlain: true });
  const wish = { port, publicUrl: 'https://watch.example' };
  expect(await refusedReach(free, wish)).toMatchObject({ status: 409, code: 'port-in-use' });
  expect(await reachOf(free)).toEqual(open);
  expect((await fetch(`http://127.0.0.1:${open.listener.port}/healthz`)).status).toBe(200);
});

test('plain HTTP has to be accepted, once', async () => {
  await using hub = await startTestHub();
  expect(await refusedReach(hub, { network: 'plain', port: 0 })).toMatchObject({
    status: 409,
    code: 'plain-not-accepted',
  });
  const { base } = await changeReach(hub, { network: 'plain', port: 0, acceptsPlain: true });
  expect(base.warning).toContain('read along');
  await changeReach(hub, { network: 'plain', publicUrl: 'https://watch.example' });
});

test('what was given by flags stands above what is chosen, and cannot be changed', async () => {
  await using folder = await makeTempFolder();
  const given = { publicUrl: 'https://watch.example', trustedProxies: ['10.0.0.0/8'] };
  const before = await startTestHub({ dataDir: folder.path, reach: given });
  expect(await reachOf(before)).toMatchObject({ settings: given, fixed: ['publicUrl', 'trustedProxies'] });
  expect(await refusedReach(before, { publicUrl: null })).toMatchObject({
    status: 409,
    code: 'fixed-by-settings',
  });
  await changeReach(before, { publicUrl: 'https://watch.example', network: 'off' });
  await before[Symbol.asyncDispose]();
  await using after = await startTestHub({ dataDir: folder.path });
  expect((await reachOf(after)).settings).toEqual(defaultReach);
});

test('the public address opens the Host door, by every listener, until it is taken back', async () => {
  await using hub = await startTestHub();
  const ask = (host: string) =>
    exchangeRaw(hub.port, getRequest('/healthz', { Host: host, Connection: 'close' }));
  expect(await ask('watch.example')).toMatch(/ 421 /);
  const { base, origins } = await changeReach(hub, { publicUrl: 'https://Watch.example/' });
  expect(base).toEqual({ url: 'https://watch.example', kind: 'public', warning: null });
  expect(origins).toEqual(['https://watch.example', hub.origin]);
  expect(await ask('watch.example')).toMatch(/ 200 /);
  expect(await ask('www.watch.example')).toMatch(/ 421 /);
  await changeReach(hub, { publicUrl: null });
  expect(await ask('watch.example')).toMatch(/ 421 /);
});

test('what a proxy says it was called has to be a name of the hub, and so has what it calls it', async () => {
  await using hub = await startTestHub({
    reach: { trustedProxies: ['127.0.0.1'] },
    allowedHosts: ['watch.example'],
  });
  const ask = async (host: string, forwarded: string) => {
    const headers = { Host: host, 'X-Forwarded-Host': forwarded, Connection: 'close' };
    return (await exchangeRaw(hub.port, getRequest('/healthz', headers))).split(' ')[1];
  };
  expect(await ask('localhost', 'watch.example')).toBe('200');
  expect(await ask('evil.example', 'watch.example')).toBe('421');
  expect(await ask('localhost', 'evil.example')).toBe('421');
  expect(await ask('localhost', 'watch.example, evil.example')).toBe('421');
});

test('only addresses of the hub itself are tried, and one of its own machine is found out', async () => {
  await using hub = await startTestHub();
  for (const url of ['http://127.0.0.1:1', 'http://169.254.169.254', 'nonsense', `${hub.origin}0`]) {
    const response = await askAsOwner(hub, 'POST', '/api/v1/reach/test', { url });
    expect([url, response.status]).toEqual([url, 400]);
    expect(await response.text()).toContain('unknown-origin');
  }
  const tested = await testReach(hub);
  expect(tested).toMatchObject({ url: hub.origin, outcome: 'blocked', code: 'own-machine-only' });
  expect(tested.steps.map(({ outcome }) => outcome)).toEqual(Array(6).fill('skipped'));
});

test('the newest visit from elsewhere is told; the machine itself is none', async () => {
  await using hub = await startTestHub();
  const { listener } = await changeReach(hub, { network: 'plain', port: 0, acceptsPlain: true });
  await fetch(`http://127.0.0.1:${listener.port}/healthz`);
  expect((await reachOf(hub)).lastVisit).toBeNull();
  const elsewhere = connect({ port: listener.port!, host: '127.0.0.1', localAddress: '127.0.0.2' });
  await once(elsewhere, 'connect');
  elsewhere.destroy();
  const { address, at } = await until('the visit', async () => (await reachOf(hub)).lastVisit);
  expect(address).toBe('127.0.0.2');
  expect(Math.abs(Date.now() - at)).toBeLessThan(60_000);
});

test.for([
  { network: 'open' },
  { port: -1 },
  { port: 70_000 },
  { publicUrl: 'ftp://watch.example' },
  { publicUrl: 'https://watch.example/path' },
  { publicUrl: 'https://user:secret@watch.example' },
  { publicUrl: 'https://*.example' },
  { trustedProxies: ['10.0.0.0/33'] },
  { trustedProxies: ['proxy.example'] },
  { trustedProxies: Array<string>(33).fill('10.0.0.1') },
  { files: { certificate: '' } },
])('%o is refused, and changes nothing', async (change) => {
  await using hub = await startTestHub();
  expect(await refusedReach(hub, change)).toMatchObject({ status: 400, code: 'bad-body' });
  expect((await reachOf(hub)).settings).toEqual(defaultReach);
});

test('a damaged reach.json opens nothing, and is set aside', async () => {
  await using folder = await makeTempFolder();
  await mkdir(folder.path, { recursive: true });
  await writeFile(path.join(folder.path, 'reach.json'), '{"network":"tls","port":');
  await using hub = await startTestHub({ dataDir: folder.path });
  expect(hub.troubles).toMatchObject([{ code: 'reach-file-damaged' }]);
  expect((await reachOf(hub)).settings).toEqual(defaultReach);
  expect(await readFile(path.join(folder.path, 'reach.json.damaged'), 'utf8')).toContain('"tls"');
});

test('a change of reach is in the audit log', async () => {
  await using hub = await startTestHub();
  await changeReach(hub, { publicUrl: 'https://watch.example' });
  const { entries } = (await (await askAsOwner(hub, 'GET', '/api/v1/audit')).json()) as {
    entries: { kind: string }[];
  };
  expect(entries.map(({ kind }) => kind)).toContain('reach-changed');
});
