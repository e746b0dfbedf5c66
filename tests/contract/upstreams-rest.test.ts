/** The addresses of upstreams: what they take, refuse and answer. */
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { MAX_UPSTREAMS } from '../../hub/upstreams/upstreams.ts';
import { upstreamEntry, upstreamProbe } from '../../shared/schema/servers.ts';
import { problem } from '../../shared/snapshot.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import {
  addUpstream,
  askUpstreams,
  hostsOfHub,
  probeUpstream,
  untilUpstream,
  upstreamsOf,
} from '../support/upstream-client.ts';
import { until } from '../support/until.ts';

const quick = { upstreamRetryMs: 20, upstreamRefusedRetryMs: 50 };

test.each([
  ['a share link without its secret', 'https://hub.example/s/abcdefghijkm', 'share link is not whole'],
  ['a launch address', 'http://127.0.0.1:7400/#ticket=abc', 'opening the dashboard once'],
  ['a user name', 'https://me:secret@hub.example/', 'a user name or password'],
  ['another scheme', 'ftp://hub.example/', 'is no address of a hub'],
  ['a file', 'file:///etc/passwd', 'is no address of a hub'],
  ['no address', 'https://', 'is no address of a hub'],
])('%s is refused with a word', async (_, url, word) => {
  await using hub = await startTestHub(quick);
  const answer = await askUpstreams(hub, 'POST', '', { url });
  expect(answer.status).toBe(400);
  const { error } = problem.parse(await answer.json());
  expect(error).toMatchObject({ code: 'bad-upstream-url', message: expect.stringContaining(word) as string });
  expect(error.message).not.toContain('secret');
});

test.each(['', '/', '/api/v1/stream', '/api/v1/stream?channels=logs', '/hosts/web-1?range=15m'])(
  'the address "ORIGIN%s" means the hub',
  async (rest) => {
    await using source = await startTestHub();
    await using hub = await startTestHub(quick);
    const added = await addUpstream(hub, source.origin + rest, { token: source.ownerToken });
    expect(upstreamEntry.parse(added)).toMatchObject({ origin: source.origin });
    await untilUpstream(hub, 'live');
  },
);

test('cloud metadata is refused before anything is sent, by any of its notations', async () => {
  await using hub = await startTestHub(quick);
  for (const url of ['http://169.254.169.254/', 'http://0xa9fea9fe/', 'http://[::ffff:169.254.169.254]/']) {
    for (const where of ['', '/probe']) {
      const answer = await askUpstreams(hub, 'POST', where, { url });
      expect([url, answer.status]).toEqual([url, 400]);
      expect(problem.parse(await answer.json()).error.code).toBe('forbidden-target');
    }
  }
});

test('a probe tells the certificate and sends nothing', async () => {
  await using source = await startTestHub({ tls: 'self-signed' });
  await using hub = await startTestHub(quick);
  const probe = upstreamProbe.parse(await probeUpstream(hub, source.origin));
  expect(probe.origin).toBe(source.origin);
  expect(probe.certificate).toMatchObject({
    isTrusted: false,
    fingerprint: source.certificate!.fingerprint,
    subject: 'CN=Watchline hub',
  });

  let received = 0;
  const silent = createServer((socket) => socket.on('data', (chunk: Buffer) => (received += chunk.length)));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const origin = `http://127.0.0.1:${(silent.address() as { port: number }).port}`;
  expect(await probeUpstream(hub, origin)).toEqual({ origin, certificate: null });
  expect(received).toBe(0);
  silent.close();
});

test('a probe of what does not answer, or speaks no TLS, says so', async () => {
  await using plain = await startTestHub();
  await using hub = await startTestHub(quick);
  const noTls = await askUpstreams(hub, 'POST', '/probe', { url: plain.origin.replace('http:', 'https:') });
  expect([noTls.status, await noTls.text()]).toEqual([502, expect.stringContaining('does not speak TLS')]);
  const nobody = await askUpstreams(hub, 'POST', '/probe', { url: 'http://127.0.0.1:1/' });
  expect([nobody.status, await nobody.text()]).toEqual([502, expect.stringContaining('refuses connections')]);
});

test('tokens lie in a file for the hub alone, and no answer tells one', async () => {
  await using source = await startTestHub();
  await using hub = await startTestHub(quick);
  await addUpstream(hub, source.origin, { token: source.ownerToken });
  await untilUpstream(hub, 'live');
  const file = path.join(hub.dataDir, 'upstreams.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain(source.ownerToken);
  expect(JSON.stringify(await upstreamsOf(hub))).not.toContain(source.ownerToken);
});

test('a token with blanks, a pin that is none, and the same hub twice are refused', async () => {
  await using hub = await startTestHub(quick);
  const url = 'https://127.0.0.1:1';
  const codeOf = async (body: unknown) => {
    const answer = await askUpstreams(hub, 'POST', '', body);
    return [answer.status, problem.parse(await answer.json()).error.code];
  };
  expect(await codeOf({ url, token: 'two words' })).toEqual([400, 'bad-token']);
  expect(await codeOf({ url, token: 'x\r\nHost: evil' })).toEqual([400, 'bad-token']);
  expect(await codeOf({ url, pin: 'sha256/short' })).toEqual([400, 'bad-pin']);
  expect(await codeOf({ url: 'http://127.0.0.1:1', pin: `sha256/${'A'.repeat(43)}` })).toEqual([
    400,
    'bad-pin',
  ]);
  await addUpstream(hub, url);
  expect(await codeOf({ url: `${url}/api/v1/stream` })).toEqual([409, 'upstream-known']);
});

test('there is an end to how many are read', async () => {
  await using hub = await startTestHub(quick);
  for (let at = 0; at < MAX_UPSTREAMS; at++) await addUpstream(hub, `http://127.0.0.1:${at + 1}`);
  const answer = await askUpstreams(hub, 'POST', '', { url: 'http://127.0.0.1:99' });
  expect([answer.status, problem.parse(await answer.json()).error.code]).toEqual([409, 'too-many-upstreams']);
});

test('paused, its hosts stay and go offline; resumed, they are back; removed, they are gone', async () => {
  await using source = await startTestHub();
  source.sink.describe(observedHost('web-1', { intervalMs: 100 }));
  const timer = setInterval(
    () => source.sink.observe({ name: 'sample', data: sampleOf('web-1', 0, { time: Date.now() }) }),
    50,
  );
  await using hub = await startTestHub({ ...quick, outboxMs: 200 });
  const { id } = await addUpstream(hub, source.origin, { token: source.ownerToken });
  const hostIs = (status: string) =>
    until(`a host that is ${status}`, async () =>
      (await hostsOfHub(hub)).find(({ host }) => host.status === status),
    );
  await hostIs('live');
  expect((await askUpstreams(hub, 'PATCH', `/${id}`, { paused: true })).status).toBe(200);
  expect(await upstreamsOf(hub)).toMatchObject([{ state: 'paused', hosts: ['web-1'] }]);
  const { host } = await hostIs('offline');
  expect(host.uplink!.trouble).toBe('This hub has paused reading the one it comes from.');
  await askUpstreams(hub, 'PATCH', `/${id}`, { paused: false });
  expect((await hostIs('live')).host.uplink!.trouble).toBe(null);
  expect((await askUpstreams(hub, 'DELETE', `/${id}`)).status).toBe(204);
  expect(await hostsOfHub(hub)).toEqual([]);
  expect(await upstreamsOf(hub)).toEqual([]);
  clearInterval(timer);
  expect((await askUpstreams(hub, 'DELETE', `/${id}`)).status).toBe(404);
  expect((await askUpstreams(hub, 'PATCH', '/nosuchid', { paused: true })).status).toBe(404);
});

test('nobody but the owner is let in', async () => {
  await using hub = await startTestHub(quick);
  const nobody = { origin: hub.origin, ownerToken: 'x'.repeat(43) };
  for (const [method, where] of [
    ['GET', ''],
    ['POST', ''],
    ['POST', '/probe'],
    ['PATCH', '/abcd1234'],
    ['DELETE', '/abcd1234'],
  ]) {
    expect([method, where, (await askUpstreams(nobody, method!, where)).status]).toEqual([
      method,
      where,
      401,
    ]);
  }
});
