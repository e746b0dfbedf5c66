/** How a hub is reached: the second listener, what is kept of it, and what its owner is told. */
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { connect, createServer } from 'node:net';
import { hostname } from 'node:os';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { networkAddresses } from '../../hub/reach/machine-names.ts';
import { defaultReach } from '../../shared/schema/reach.ts';
import { askAsOwner, invite } from '../support/agent-client.ts';
import { logLineOf, observedHost } from '../support/observations.ts';
import { freePort } from '../support/proxies/free-port.ts';
import { readThrough } from '../support/proxies/read-through.ts';
import {
  askNetwork,
  authorityOf,
  changeReach,
  reachOf,
  refusedReach,
  testReach,
} from '../support/reach-hub.ts';
import { exchangeRaw, getRequest } from '../support/raw-request.ts';
import { readStream } from '../support/stream-reader.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { makeTlsIdentity } from '../support/tls-listener.ts';
import { until } from '../support/until.ts';

const [outward] = networkAddresses();

function bearer(hub: TestHub): Record<string, string> {
  return { authorization: `Bearer ${hub.ownerToken}` };
}

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

test('"This network" serves the same hub by TLS and both protocols, to who trusts its authority', async () => {
  await using hub = await startTestHub();
  const { listener, certificate, authority, base } = await changeReach(hub, { network: 'tls', port: 0 });
  expect(listener).toMatchObject({ state: 'open', trouble: null });
  const port = listener.port!;
  for (const [name, address] of [
    ['localhost', '127.0.0.1'],
    ['localhost', '::1'],
    [hostname().toLowerCase(), '127.0.0.1'],
    [`${hostname().toLowerCase().split('.')[0]}.local`, '127.0.0.1'],
  ] as const) {
    const answer = await askNetwork(hub, port, '/api/v1/hosts', { name, address, headers: bearer(hub) });
    expect([name, answer.status]).toEqual([name, 200]);
    expect(answer.fingerprint).toBe(certificate!.fingerprint);
  }
  expect((await askNetwork(hub, port, '/api/v1/hosts')).status).toBe(401);
  const foreign = { headers: { ...bearer(hub), host: 'evil.example' } };
  expect((await askNetwork(hub, port, '/healthz', foreign)).status).toBe(421);

  const socket = connectTls({ port, ca: authorityOf(hub), ALPNProtocols: ['h2'], servername: 'localhost' });
  await once(socket, 'secureConnect');
  expect(socket.alpnProtocol).toBe('h2');
  socket.destroy();

  const downloaded = await askNetwork(hub, port, '/ca.crt');
  expect(downloaded.headers['content-type']).toBe('application/x-x509-ca-cert');
  expect(new X509Certificate(downloaded.body).fingerprint256).toBe(authority!.fingerprint);
  expect(authority!.trust.map(({ platform }) => platform)).toContain('windows');
  if (outward !== undefined)
    expect(base).toMatchObject({ url: `https://${outward}:${port}`, kind: 'network' });
  expect((await stat(path.join(hub.dataDir, 'reach.json'))).mode & 0o777).toBe(0o600);
  expect(hub.troubles).toEqual([]);
});

test('the names of the machine open only the listener that proves them by its certificate', async () => {
  await using hub = await startTestHub();
  await changeReach(hub, { network: 'tls', port: 0 });
  const asked = await askAsOwner(hub, 'GET', '/healthz');
  expect(asked.status).toBe(200);
  const headers = { Host: `${hostname().toLowerCase()}.local` };
  expect(await exchangeRaw(hub.port, getRequest('/healthz', { ...headers, Connection: 'close' }))).toMatch(
    /^HTTP\/1.1 421 /,
  );
});

test('opened, moved and closed, it loses no event of the first listener, and its own streams end at once', async () => {
  await using hub = await startTestHub({ flushWindowMs: 0 });
  hub.sink.describe(observedHost());
  using first = readStream({ port: hub.port, ownerToken: hub.ownerToken, query: 'channels=logs' });
  await first.until('ready');
  let lines = 0;
  const publish = () => hub.sink.observe({ name: 'log', data: logLineOf('web-1', lines++) });

  publish();
  const plain = await changeReach(hub, { network: 'plain', port: 0, acceptsPlain: true });
  publish();
  await using second = await readThrough(
    `http://127.0.0.1:${plain.listener.port}/api/v1/stream`,
    bearer(hub),
  );
  await until('the second stream', () => second.events.some(({ event }) => event === 'ready'));
  const moved = await changeReach(hub, { port: await freePort() });
  expect(moved.listener.port).not.toBe(plain.listener.port);
  await second.ended;
  await expect(fetch(`http://127.0.0.1:${plain.listener.port}/healthz`)).rejects.toThrow();
  publish();
  const secure = await changeReach(hub, { network: 'tls' });
  expect(secure.listener.port).toBe(moved.listener.port);
  expect((await askNetwork(hub, secure.listener.port!, '/healthz')).status).toBe(200);
  publish();
  await changeReach(hub, { network: 'off' });
  await expect(askNetwork(hub, secure.listener.port!, '/healthz')).rejects.toThrow('ECONNREFUSED');
  publish();
  await until('every line', () => first.dataOf('log').length === lines);
  expect(first.dataOf('log').map(({ text }) => text)).toEqual(
    Array.from({ length: lines }, (_, index) => logLineOf('web-1', index).text),
  );
});

test('an owner who has come by the second listener hears that it was changed, and is then cut off', async () => {
  await using hub = await startTestHub();
  const { listener } = await changeReach(hub, { network: 'tls', port: 0 });
  const port = listener.port!;
  const put = (change: object) =>
    askNetwork(hub, port, '/api/v1/reach', {
      method: 'PUT',
      headers: { ...bearer(hub), 'content-type': 'application/json', connection: 'keep-alive' },
      body: JSON.stringify(change),
    });
  const refused = await put({ network: 'plain' });
  expect([refused.status, JSON.parse(refused.body)]).toMatchObject([
    409,
    { error: { code: 'plain-not-accepted' } },
  ]);
  const plain = await put({ network: 'plain', acceptsPlain: true });
  expect([plain.status, JSON.parse(plain.body)]).toMatchObject([200, { listener: { state: 'open', port } }]);
  await changeReach(hub, { network: 'tls' });
  const session = connectHttp2(`https://localhost:${port}`, { ca: authorityOf(hub) });
  const stream = session.request({
    ':method': 'PUT',
    ':path': '/api/v1/reach',
    ...bearer(hub),
    'content-type': 'application/json',
  });
  stream.end('{"network":"plain","acceptsPlain":true}');
  const [head] = (await once(stream, 'response')) as [{ ':status': number }];
  expect(head[':status']).toBe(200);
  stream.resume();
  await once(session, 'close');

  const own = { method: 'PUT', headers: { ...bearer(hub), 'content-type': 'application/json' } };
  const closed = await fetch(`http://127.0.0.1:${port}/api/v1/reach`, { ...own, body: '{"network":"off"}' });
  expect(await closed.json()).toMatchObject({ listener: { state: 'closed' } });
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
});

test('what was chosen is opened again at the next start, with the same authority and port', async () => {
  await using folder = await makeTempFolder();
  const before = await startTestHub({ dataDir: folder.path });
  const { listener, certificate } = await changeReach(before, { network: 'tls', port: 0 });
  await before[Symbol.asyncDispose]();
  await using after = await startTestHub({ dataDir: folder.path });
  const again = await reachOf(after);
  expect(again.listener).toEqual(listener);
  expect(again.certificate).toEqual(certificate);
  expect((await askNetwork(after, listener.port!, '/healthz')).status).toBe(200);
  expect(after.troubles).toEqual([]);
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

test("the owner's own certificate is shown, and one that cannot be used is named", async () => {
  await using hub = await startTestHub();
  await using folder = await makeTempFolder();
  const files = { certificate: path.join(folder.path, 'c.pem'), key: path.join(folder.path, 'k.pem') };
  const wish = { network: 'tls', port: 0, certificate: 'files' };
  expect(await refusedReach(hub, wish)).toMatchObject({ status: 400, code: 'certificate-unusable' });
  expect(await refusedReach(hub, { ...wish, files })).toMatchObject({
    code: 'certificate-unusable',
    message: expect.stringContaining('does not exist') as string,
  });
  const { key, certificate } = makeTlsIdentity(['watch.example']);
  await writeFile(files.certificate, certificate);
  await writeFile(files.key, key.export({ type: 'pkcs8', format: 'pem' }));
  const open = await changeReach(hub, { ...wish, files });
  expect(open.certificate).toMatchObject({
    fingerprint: new X509Certificate(certificate).fingerprint256,
    names: ['watch.example'],
  });
  expect(open.base.url).toBe(`https://watch.example:${open.listener.port}`);
  expect(open.authority).toBeNull();
});

test('agents are given the address of the network and the pin of the key it shows', async () => {
  await using hub = await startTestHub();
  const { listener } = await changeReach(hub, { network: 'tls', port: 0 });
  const { hubUrl, pin, warning, lines } = await invite(hub);
  if (outward !== undefined)
    expect({ hubUrl, warning }).toEqual({ hubUrl: `https://${outward}:${listener.port}`, warning: null });
  expect(lines.linux).toContain(`--pin ${pin}`);
  const socket = connectTls({ port: listener.port!, ca: authorityOf(hub), servername: 'localhost' });
  await once(socket, 'secureConnect');
  const spki = socket.getPeerX509Certificate()!.publicKey.export({ type: 'spki', format: 'der' });
  expect(pin).toBe(`sha256/${createHash('sha256').update(spki).digest('base64url')}`);
  socket.destroy();
});

test('a session by TLS is bound to it, and to its listener', async () => {
  await using hub = await startTestHub();
  const { listener } = await changeReach(hub, { network: 'tls', port: 0 });
  const ticket = hub.launchUrl().split('#ticket=')[1];
  const answer = await askNetwork(hub, listener.port!, '/api/v1/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ticket }),
  });
  const [cookie] = answer.headers['set-cookie']!;
  expect(cookie).toContain(`watchline_session_${listener.port}=`);
  expect(cookie).toContain('Secure');
  const headers = { cookie: cookie!.split(';')[0]! };
  expect((await askNetwork(hub, listener.port!, '/api/v1/hosts', { headers })).status).toBe(200);
  expect((await fetch(`${hub.origin}/api/v1/hosts`, { headers })).status).toBe(401);
});

test('a public address without a proxy is one of the names of the certificate', async () => {
  await using hub = await startTestHub();
  const port = await freePort();
  const publicUrl = `https://watch.example:${port}`;
  const { certificate, base } = await changeReach(hub, { network: 'tls', port, publicUrl });
  expect(certificate!.names).toContain('watch.example');
  expect(base).toEqual({
    url: publicUrl,
    kind: 'public',
    warning: expect.stringContaining('Browsers warn') as string,
  });
  const answer = await askNetwork(hub, port, '/healthz', { name: 'watch.example' });
  expect(answer.status).toBe(200);
});

test('names that no certificate can hold are not in it, and those the owner gave are', async () => {
  await using hub = await startTestHub({
    allowedHosts: ['Watch.Internal', '[2001:db8::7]', 'not a name', '*'],
  });
  const { certificate } = await changeReach(hub, { network: 'tls', port: 0 });
  expect(certificate!.names).toEqual(expect.arrayContaining(['watch.internal', '2001:db8::7']));
  expect([...certificate!.names, ...certificate!.leftOut].filter((name) => /[* ]/.test(name))).toEqual([]);
});

test('readers of the second listener hear bye too when the hub stops', async () => {
  const hub = await startTestHub({ rotateMs: 0 });
  const { listener } = await changeReach(hub, { network: 'plain', port: 0, acceptsPlain: true });
  await using reader = await readThrough(`http://127.0.0.1:${listener.port}/api/v1/stream`, bearer(hub));
  await until('ready', () => reader.events.some(({ event }) => event === 'ready'));
  await hub[Symbol.asyncDispose]();
  await reader.ended;
  expect(reader.events.at(-1)!.event).toBe('bye');
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
