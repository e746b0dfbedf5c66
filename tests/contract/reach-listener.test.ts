/** The second listener: whom it serves, what it shows, and what happens to whom it served when it moves or closes. */
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { hostname } from 'node:os';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { networkAddresses } from '../../hub/reach/machine-names.ts';
import { askAsOwner, invite } from '../support/agent-client.ts';
import { logLineOf, observedHost } from '../support/observations.ts';
import { freePort } from '../support/proxies/free-port.ts';
import { readThrough } from '../support/proxies/read-through.ts';
import { askNetwork, authorityOf, changeReach, reachOf, refusedReach } from '../support/reach-hub.ts';
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
  const { listener, certificate } = await changeReach(before, { network: 'tls', port: await freePort() });
  await before[Symbol.asyncDispose]();
  await using after = await startTestHub({ dataDir: folder.path });
  const again = await reachOf(after);
  expect(again.listener).toEqual(listener);
  expect(again.certificate).toEqual(certificate);
  expect((await askNetwork(after, listener.port!, '/healthz')).status).toBe(200);
  expect(after.troubles).toEqual([]);
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
