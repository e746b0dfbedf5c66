/** The test of an address against servers that misbehave, each in its own way. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../../../hub/http/exchange.ts';
import { HostNames } from '../../../../hub/http/host-names.ts';
import type { ProblemError } from '../../../../hub/http/problem.ts';
import { PublicSide } from '../../../../hub/http/public-side.ts';
import { findLocalFirewall } from '../../../../hub/reach/trial/local-firewall.ts';
import { Trials } from '../../../../hub/reach/trial/trials.ts';
import { tryAddress } from '../../../../hub/reach/trial/try-address.ts';
import { hasTool } from '../../../support/system-tools.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';
import { makeTlsIdentity, startTlsListener } from '../../../support/tls-listener.ts';

const trials = new Trials();

/** Where what is tried never comes. */
const SHORT_MS = 500;
/** For what is to happen before nothing does. */
const PATIENT_MS = 3_000;

/** The word of the verdict, the steps that passed, and the message. */
async function tryAt(url: string, ownCertificates: readonly string[] = [], timeoutMs = 10_000) {
  using trial = trials.begin();
  const { verdict, found } = await tryAddress({ url: new URL(url), trial, ownCertificates, timeoutMs });
  const passed = found.slice(0, verdict === null ? undefined : -1).map(({ step }) => step);
  return {
    code: verdict?.code ?? null,
    message: verdict?.message ?? '',
    failed: verdict && found.at(-1)!.step,
    passed,
  };
}

async function serve(listener: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** As the hub itself answers; `change`: what something in between makes of the request. */
function answerAsHub(change: Partial<Exchange> = {}): RequestListener {
  return (request, response) => {
    const exchange = {
      request,
      response,
      params: { name: request.url!.split('/').at(-1)! },
      address: '127.0.0.1',
      authority: request.headers.host!,
      isSecure: false,
      ...change,
    };
    trials.answer(exchange as unknown as Exchange);
  };
}

/** In front of a server: hands on its bytes only once there are many, as a proxy that buffers does. */
async function startBuffering(port: number): Promise<{ url: string } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((client) => {
    const behind = connect(port, '127.0.0.1');
    for (const socket of [client, behind]) sockets.add(socket.on('error', () => undefined));
    client.pipe(behind);
    let head = true;
    behind.on('data', (chunk: Buffer) => {
      if (head) client.write(chunk.subarray(0, chunk.indexOf('\r\n\r\n') + 4));
      head = false;
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}

test('a hub that is reached passes every step', async () => {
  await using hub = await serve(answerAsHub());
  expect(await tryAt(hub.url)).toEqual({
    code: null,
    message: '',
    failed: null,
    passed: ['name', 'connect', 'certificate', 'host', 'identity', 'stream'],
  });
});

test('a name that is none, and one that leads where no hub can be', async () => {
  expect(await tryAt('https://no-such-name.invalid')).toMatchObject({ code: 'name-unknown', failed: 'name' });
  expect(await tryAt('http://169.254.169.254')).toMatchObject({ code: 'address-forbidden', failed: 'name' });
});

test('nothing that listens', async () => {
  const gone = await serve(() => undefined);
  await gone[Symbol.asyncDispose]();
  expect(await tryAt(gone.url)).toMatchObject({ code: 'refused', failed: 'connect', passed: ['name'] });
});

test.skipIf(!hasTool('python3') || process.platform !== 'linux')('packets that are dropped', async () => {
  const script = path.join(import.meta.dirname, '../../../support/deaf-listener.py');
  const deaf = spawn('python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = (await once(deaf.stdout, 'data')) as [Buffer];
  expect(await tryAt(`http://127.0.0.1:${port.toString().trim()}`, [], SHORT_MS)).toMatchObject({
    code: 'no-answer',
    failed: 'connect',
    message: expect.stringContaining('firewall') as string,
  });
  deaf.stdin.end();
  await once(deaf, 'close');
});

describe('TLS', () => {
  test('on a port without it', async () => {
    await using hub = await serve(answerAsHub());
    expect(await tryAt(hub.url.replace('http:', 'https:'))).toMatchObject({
      code: 'no-tls',
      failed: 'certificate',
    });
  });

  test.for([
    ['for another name', ['watch.example'], 0, 'certificate-name', 'watch.example'],
    ['that has ended', ['127.0.0.1'], -500, 'certificate-untrusted', 'it has ended'],
    ['of the future', ['127.0.0.1'], 5, 'certificate-untrusted', 'not valid yet'],
  ] as const)('a certificate %s', async ([, names, days, code, words]) => {
    const identity = makeTlsIdentity(names, Date.now() + days * 24 * 3_600_000);
    await using server = await startTlsListener(identity);
    expect(await tryAt(server.url.origin, [identity.certificate])).toMatchObject({
      code,
      failed: 'certificate',
      message: expect.stringContaining(words) as string,
    });
    expect(server.heard).toHaveLength(0);
  });

  test('a certificate nobody vouches for, and the same one as the hub’s own', async () => {
    await using server = await startTlsListener();
    expect(await tryAt(server.url.origin)).toMatchObject({ code: 'certificate-untrusted' });
    expect(await tryAt(server.url.origin, [server.certificate], PATIENT_MS)).toMatchObject({
      code: 'connection-broken',
      failed: 'host',
      passed: ['name', 'connect', 'certificate'],
    });
  });
});

test.for([
  ['another server', 200, {}, 'not-this-hub', 'identity'],
  ['another hub', 404, {}, 'not-this-hub', 'identity'],
  ['a proxy without its hub', 502, {}, 'proxy-without-hub', 'host'],
  ['a proxy that asks for a login', 401, {}, 'proxy-refuses', 'host'],
  ['a redirect', 301, { Location: 'https://watch.example/x' }, 'redirected', 'host'],
  ['a redirect to nonsense', 302, { Location: 'http://[' }, 'redirected', 'host'],
  ['a server that refuses the name', 421, {}, 'not-this-hub', 'identity'],
] as const)('%s', async ([, status, headers, code, failed]) => {
  await using server = await serve(
    (_request, response) => void response.writeHead(status, headers).end('no'),
  );
  expect(await tryAt(server.url)).toMatchObject({ code, failed });
});

test('a name the hub does not answer to', async () => {
  const names = new HostNames([], new PublicSide());
  await using hub = await serve((_request, response) => {
    try {
      names.check('watch.internal:80', undefined);
    } catch (refusal) {
      response.writeHead((refusal as ProblemError).status).end(JSON.stringify(refusal));
    }
  });
  expect(await tryAt(hub.url)).toMatchObject({
    code: 'host-not-allowed',
    failed: 'host',
    message: expect.stringContaining('under the name "watch.internal:80"') as string,
  });
});

test('a server that ends the connection, and one that never answers', async () => {
  await using ending = await serve((request) => void request.socket.destroy());
  expect(await tryAt(ending.url)).toMatchObject({ code: 'connection-broken', failed: 'host' });
  await using silent = await serve(() => undefined);
  expect(await tryAt(silent.url, [], SHORT_MS)).toMatchObject({ code: 'connection-broken', failed: 'host' });
});

test('a proxy that holds back what is sent', async () => {
  await using hub = await serve(answerAsHub());
  await using proxy = await startBuffering(Number(new URL(hub.url).port));
  expect(await tryAt(proxy.url, [], SHORT_MS)).toMatchObject({
    code: 'buffered',
    failed: 'stream',
    passed: ['name', 'connect', 'certificate', 'host', 'identity'],
  });
});

test('a proxy that calls the hub by another name', async () => {
  await using hub = await serve(answerAsHub({ authority: '127.0.0.1:1' }));
  expect(await tryAt(hub.url)).toMatchObject({ code: 'host-changed', failed: 'host' });
});

test('a trial that is over, and one that never was, is nobody’s', async () => {
  const over = trials.begin();
  over[Symbol.dispose]();
  for (const name of [over.name, 'x', ''])
    expect(() => trials.answer({ params: { name } } as unknown as Exchange)).toThrow(
      'nothing at this address',
    );
});

test('firewalls of the machine are seen by the files they keep', async () => {
  await using folder = await makeTempFolder();
  const root = folder.path;
  expect(findLocalFirewall(7443, root)).toBeNull();
  await mkdir(path.join(root, 'run'));
  await writeFile(path.join(root, 'run/firewalld.pid'), '1');
  expect(findLocalFirewall(7443, root)).toMatchObject({ name: 'firewalld' });
  await mkdir(path.join(root, 'etc/ufw'), { recursive: true });
  await writeFile(path.join(root, 'etc/ufw/ufw.conf'), '# ENABLED=yes\nENABLED=no\n');
  expect(findLocalFirewall(7443, root)).toMatchObject({ name: 'firewalld' });
  await writeFile(path.join(root, 'etc/ufw/ufw.conf'), 'ENABLED=yes\nLOGLEVEL=low\n');
  expect(findLocalFirewall(7443, root)).toEqual({ name: 'ufw', command: 'sudo ufw allow 7443/tcp' });
  await writeFile(path.join(root, 'etc/ufw/user.rules'), '-A ufw-user-input -p tcp --dport 7443 -j ACCEPT\n');
  expect(findLocalFirewall(7443, root)).toBeNull();
});
