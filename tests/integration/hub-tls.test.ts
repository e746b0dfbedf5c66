/** A hub on a TLS port: the same hub by HTTP/1.1 and by HTTP/2, and the certificate it shows. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../hub/config/config-error.ts';
import { refuseSecondHub } from '../../hub/runtime-file.ts';
import { openKeptPair } from '../../hub/tls/kept-pair.ts';
import { addressBytes } from '../../hub/tls/address-bytes.ts';
import { makeSelfSigned } from '../../hub/tls/self-signed.ts';
import { exchangeRaw } from '../support/raw-request.ts';
import {
  ask,
  bearer,
  certificateOf,
  openSession,
  readHttp2Stream,
  type Protocol,
} from '../support/secure-reader.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { hasTool, runTool } from '../support/system-tools.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { logLineOf } from '../support/observations.ts';

const DAY_MS = 24 * 3_600_000;
const startSecureHub = (options = {}): Promise<TestHub> =>
  startTestHub({ tls: 'self-signed', observers: [new ScriptedObserver()], ...options });

describe.for(['HTTP/1.1', 'HTTP/2'] as const satisfies Protocol[])('by %s', (protocol) => {
  test('the doors are the same', async () => {
    await using hub = await startSecureHub();
    const get = (path: string, headers = {}) => ask(hub, protocol, { path, headers });
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/api/v1/hosts')).status).toBe(401);
    expect((await get('/api/v1/hosts', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await get('/api/v1/hosts', bearer(hub))).status).toBe(200);
    expect((await get(`/api/v1/hosts?token=${hub.ownerToken}`)).status).toBe(401);
    expect((await get('/api/v1/nothing', bearer(hub))).status).toBe(404);
    const foreignName = protocol === 'HTTP/2' ? { ':authority': 'evil.example' } : { host: 'evil.example' };
    expect((await get('/healthz', foreignName)).status).toBe(421);
    expect((await get('/healthz', { host: 'evil.example' })).status).toBe(421);
    expect((await ask(hub, protocol, { path: '/api/v1/hosts', method: 'DELETE' })).status).toBe(405);
    expect(hub.troubles).toEqual([]);
  });

  test('a body is held to the same rules', async () => {
    await using hub = await startSecureHub();
    const post = async (body: string, headers = {}) =>
      (
        await ask(hub, protocol, {
          path: '/api/v1/session',
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body,
        })
      ).status;
    expect(await post('{"ticket":"x","__proto__":{}}')).toBe(400);
    expect(await post(`{"ticket":"x","a":${'['.repeat(40)}${']'.repeat(40)}}`)).toBe(400);
    expect(await post('x', { 'content-encoding': 'gzip' })).toBe(415);
    expect(await post(JSON.stringify({ ticket: 'x'.repeat(2 * 1024 * 1024) }))).toBe(413);
    expect((await ask(hub, protocol, { path: '/healthz' })).status).toBe(200);
    expect(hub.troubles).toEqual([]);
  });

  test('a ticket is swapped for a cookie that never travels without TLS', async () => {
    await using hub = await startSecureHub();
    const answer = await ask(hub, protocol, {
      path: '/api/v1/session',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ticket: hub.launchUrl().split('#ticket=')[1] }),
    });
    expect(answer.status).toBe(204);
    const cookie = answer.headers['set-cookie']![0]!;
    expect(cookie).toContain('; Secure');
    expect(cookie).toContain('; HttpOnly');
    const headers = { cookie: cookie.split(';', 1)[0]! };
    expect((await ask(hub, protocol, { path: '/api/v1/hosts', headers })).status).toBe(200);
  });

  test('the page comes whole', async () => {
    await using folder = await makeTempFolder();
    const html = `<!doctype html>${'x'.repeat(300_000)}`;
    await writeFile(path.join(folder.path, 'index.html'), html);
    await using hub = await startSecureHub({ pageDir: folder.path });
    const answer = await ask(hub, protocol, { path: '/hosts/web-1' });
    expect(answer.status).toBe(200);
    expect(answer.body).toBe(html);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });
});

test('one HTTP/2 connection carries many streams, up to the caps; a cancelled one frees its slot', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startSecureHub({ observers: [observer], maxStreamsPerToken: 20 });
  using session = openSession(hub);
  const streams = Array.from({ length: 20 }, () => readHttp2Stream(session, hub));
  await until('every stream', () => streams.every(({ events }) => events.at(-1)?.name === 'ready'));
  const head = await streams[0]!.headers;
  expect(head['content-type']).toBe('text/event-stream; charset=utf-8');
  expect(head['connection']).toBeUndefined();
  expect((await ask(hub, 'HTTP/2', { path: '/api/v1/stream', headers: bearer(hub) })).status).toBe(429);

  observer.observe({ name: 'log', data: logLineOf('web-1', 1) });
  await until('the line on every stream', () => streams.every(({ events }) => events.at(-1)?.name === 'log'));

  streams[0]!.cancel();
  await until('the slot', async () => {
    const { connections } = (await answerOf(hub, '/api/v1/hub')) as { connections: { h2: number } };
    return connections.h2 === 19;
  });
  const next = readHttp2Stream(session, hub);
  await until('a stream in its place', () => next.events.at(-1)?.name === 'ready');
});

test('a hub that stops says bye on every HTTP/2 stream and lets nobody wait', async () => {
  const hub = await startSecureHub();
  using session = openSession(hub);
  const streams = Array.from({ length: 5 }, () => readHttp2Stream(session, hub));
  await until('every stream', () => streams.every(({ events }) => events.at(-1)?.name === 'ready'));
  await hub[Symbol.asyncDispose]();
  await Promise.all(streams.map(({ closed }) => closed));
  for (const { events } of streams) expect(events.at(-1)!.name).toBe('bye');
});

test('plain HTTP on the TLS port is closed without an answer, and others are served', async () => {
  await using hub = await startSecureHub();
  expect(await exchangeRaw(hub.port, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')).not.toContain(
    'HTTP/1.1',
  );
  expect((await ask(hub, 'HTTP/2', { path: '/healthz' })).status).toBe(200);
  expect(hub.troubles).toEqual([]);
});

test('a handshake that does not go on is ended', async () => {
  await using hub = await startSecureHub({ headersTimeoutMs: 100, requestTimeoutMs: 100 });
  // The first bytes of a ClientHello, and no more.
  expect(await exchangeRaw(hub.port, '\x16\x03\x01\x02\x00\x01')).not.toContain('HTTP');
});

test('a connection that says nothing is closed', async () => {
  await using hub = await startSecureHub({ headersTimeoutMs: 100, requestTimeoutMs: 100 });
  expect(await exchangeRaw(hub.port, '')).toBe('');
});

test('a handshake that comes byte by byte is understood', async () => {
  await using hub = await startSecureHub();
  await using relay = await startTrickle(hub.port);
  const socket = connectTls({
    port: relay.port,
    host: '127.0.0.1',
    ca: certificateOf(hub),
    servername: 'localhost',
  });
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
});

test('TLS 1.1 is refused', async () => {
  await using hub = await startSecureHub();
  const socket = connectTls({
    port: hub.port,
    host: '127.0.0.1',
    ca: certificateOf(hub),
    maxVersion: 'TLSv1.1',
    minVersion: 'TLSv1.1',
    ciphers: 'ALL:@SECLEVEL=0',
  });
  await expect(
    new Promise((resolve, reject) => socket.once('error', reject).once('secureConnect', resolve)),
  ).rejects.toThrow();
});

test.skipIf(!hasTool('curl'))('the printed curl line reads the stream, by both protocols', async () => {
  await using hub = await startSecureHub();
  for (const version of ['--http2', '--http1.1']) {
    const args = [
      '-sN',
      '--max-time',
      '1',
      '-o',
      '-',
      '-w',
      '%{http_version}',
      version,
      '--cacert',
      hub.certificate!.file,
    ];
    const text = await runTool(
      'curl',
      ...args,
      '-H',
      `Authorization: Bearer ${hub.ownerToken}`,
      `${hub.origin}/api/v1/stream`,
    ).catch((error: { stdout?: string }) => error.stdout ?? '');
    expect(text).toContain('event: ready');
    expect(text.endsWith(version === '--http2' ? '2' : '1.1')).toBe(true);
  }
});

describe('the certificate of a hub that was given none', () => {
  test('is kept, private, and the same after a restart; a second hub is still refused', async () => {
    await using folder = await makeTempFolder();
    const first = await startSecureHub({ dataDir: folder.path });
    const { fingerprint, file } = first.certificate!;
    expect(new X509Certificate(await readFile(file)).fingerprint256).toBe(fingerprint);
    expect((await stat(path.join(folder.path, 'tls-key.pem'))).mode & 0o777).toBe(0o600);
    await expect(refuseSecondHub(folder.path)).rejects.toMatchObject({ code: 'already-running' });
    await first[Symbol.asyncDispose]();
    await using second = await startSecureHub({ dataDir: folder.path });
    expect(second.certificate!.fingerprint).toBe(fingerprint);
  });

  test('is for the names the hub is called by, and no authority', async () => {
    await using folder = await makeTempFolder();
    const pair = openKeptPair({
      dataDir: folder.path,
      listenHost: '192.0.2.7',
      allowedHosts: ['watch.example'],
    });
    for (const name of ['localhost', '127.0.0.1', '::1', '192.0.2.7', 'watch.example'])
      expect([name, pair.isFor(name)]).toEqual([name, true]);
    expect(pair.isFor('evil.example')).toBe(false);
    const leaf = new X509Certificate(pair.certificate);
    expect(leaf.ca).toBe(false);
    expect(leaf.verify(leaf.publicKey)).toBe(true);
    if (hasTool('openssl')) {
      const file = pair.certificateFile;
      expect(
        await runTool(
          'openssl',
          'verify',
          '-x509_strict',
          '-purpose',
          'sslserver',
          '-partial_chain',
          '-CAfile',
          file,
          file,
        ),
      ).toContain('OK');
    }
  });

  test('is made anew before its end and for a new name, with the same key', async () => {
    await using folder = await makeTempFolder();
    const options = { dataDir: folder.path, listenHost: '127.0.0.1', allowedHosts: [] as string[] };
    const now = Date.now();
    const first = openKeptPair({ ...options, now });
    expect(openKeptPair({ ...options, now: now + 334 * DAY_MS }).fingerprint).toBe(first.fingerprint);
    const renewed = openKeptPair({ ...options, now: now + 336 * DAY_MS });
    expect(renewed.fingerprint).not.toBe(first.fingerprint);
    expect(renewed.key.equals(first.key)).toBe(true);
    const named = openKeptPair({ ...options, allowedHosts: ['new.example'], now: now + 336 * DAY_MS });
    expect(named.isFor('new.example')).toBe(true);
    expect(named.key.equals(first.key)).toBe(true);
  });

  test('is made anew where the kept one is damaged', async () => {
    await using folder = await makeTempFolder();
    await writeFile(path.join(folder.path, 'tls-cert.pem'), 'nonsense');
    await writeFile(path.join(folder.path, 'tls-key.pem'), 'nonsense');
    await using hub = await startSecureHub({ dataDir: folder.path });
    expect((await ask(hub, 'HTTP/2', { path: '/healthz' })).status).toBe(200);
  });

  test.for([
    ['127.0.0.1', '7f000001'],
    ['::1', `${'0'.repeat(31)}1`],
    ['fe80::1:2', 'fe800000000000000000000000010002'],
    ['::ffff:1.2.3.4', '00000000000000000000ffff01020304'],
    ['::', '0'.repeat(32)],
  ])('writes %s as %s', ([address, hex]) => {
    expect(addressBytes(address!).toString('hex')).toBe(hex);
  });
});

describe('files that were named', () => {
  const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const pemOf = (key: ReturnType<typeof newKey>) => key.export({ type: 'pkcs8', format: 'pem' }) as string;

  test.for([
    ['a certificate that does not exist', { cert: null }, /certificate .* does not exist/],
    ['a key that does not exist', { key: null }, /key .* does not exist/],
    ['a certificate that is none', { cert: 'nonsense' }, /is not a certificate/],
    ['a key that is none', { key: 'nonsense' }, /is not a private key/],
    ['a key of another certificate', { key: 'other' }, /does not belong to the certificate/],
    ['an encrypted key', { key: 'encrypted' }, /encrypted with a passphrase/],
    ['a certificate that has ended', { cert: 'ended' }, /ended on \d{4}-\d\d-\d\d/],
    ['a certificate of the future', { cert: 'future' }, /not valid before \d{4}-\d\d-\d\d/],
    ['a file that is far too large', { cert: 'large' }, /has \d+ bytes/],
  ] as const)('%s ends the start with one sentence', async ([, change, message]) => {
    await using folder = await makeTempFolder();
    const certificateFile = path.join(folder.path, 'cert.pem');
    const keyFile = path.join(folder.path, 'key.pem');
    const key = newKey();
    const makeCertificate = (offsetDays: number) =>
      makeSelfSigned(key, ['localhost'], Date.now() + offsetDays * DAY_MS);
    const certificates: Record<string, string> = {
      ended: makeCertificate(-400),
      future: makeCertificate(2),
      large: 'x'.repeat(300_000),
      nonsense: 'nonsense',
    };
    const keys: Record<string, string> = {
      other: pemOf(newKey()),
      encrypted: key.export({
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase: 'x',
      }) as string,
      nonsense: 'nonsense',
    };
    const { cert = '', key: keyChange = '' } = change as { cert?: string | null; key?: string | null };
    if (cert !== null) await writeFile(certificateFile, certificates[cert] ?? makeCertificate(0));
    if (keyChange !== null) await writeFile(keyFile, keys[keyChange] ?? pemOf(key));
    const failure: unknown = await startSecureHub({ tls: { certificateFile, keyFile } }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as ConfigError).message).toMatch(message);
    expect((failure as ConfigError).message.split('\n')).toHaveLength(1);
    expect((failure as ConfigError).remedy).toBeTruthy();
  });

  test("their names are the hub's own", async () => {
    await using folder = await makeTempFolder();
    const certificateFile = path.join(folder.path, 'cert.pem');
    const keyFile = path.join(folder.path, 'key.pem');
    const key = newKey();
    await writeFile(certificateFile, makeSelfSigned(key, ['watch.example']));
    await writeFile(keyFile, pemOf(key));
    await using hub = await startSecureHub({ tls: { certificateFile, keyFile } });
    expect(hub.origin).toBe(`https://watch.example:${hub.port}`);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connectTls({
        port: hub.port,
        host: '127.0.0.1',
        servername: 'watch.example',
        ca: certificateOf(hub),
      });
      let text = '';
      socket
        .on('data', (chunk: Buffer) => (text += chunk.toString()))
        .on('end', () => resolve(text))
        .on('error', reject);
      socket.write(`GET /healthz HTTP/1.1\r\nHost: watch.example:${hub.port}\r\nConnection: close\r\n\r\n`);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    // A second start in the same folder finds this hub by its very certificate.
    await expect(refuseSecondHub(hub.dataDir)).rejects.toMatchObject({ code: 'already-running' });
  });
});

async function answerOf(hub: TestHub, path: string): Promise<unknown> {
  return JSON.parse((await ask(hub, 'HTTP/1.1', { path, headers: bearer(hub) })).body);
}

/** Passes on what the client sends in single bytes, each in a segment of its own. */
async function startTrickle(port: number): Promise<AsyncDisposable & { port: number }> {
  const relay = createServer((client) => {
    const hub = connect({ port, host: '127.0.0.1', noDelay: true });
    hub.pipe(client);
    hub.on('error', () => client.destroy());
    client.on('error', () => hub.destroy());
    void (async () => {
      for await (const chunk of client as AsyncIterable<Buffer>)
        for (const byte of chunk) await new Promise((resolve) => hub.write(Buffer.of(byte), resolve));
      hub.end();
    })().catch(() => hub.destroy());
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return {
    port: (relay.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => void (await once(relay.close(), 'close')),
  };
}
