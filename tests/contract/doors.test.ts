/** Who may come in: host names, tokens, tickets, sessions, foreign pages. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { problem, type Problem } from '../../shared/snapshot.ts';
import { exchangeRaw } from '../support/raw-request.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const guarded = ['/api/v1/stream', '/api/v1/stream/logs', '/api/v1/poll', '/api/v1/hosts', '/metrics'];

async function problemOf(response: Response): Promise<Problem['error']> {
  return problem.parse(await response.json()).error;
}

function ticketOf(hub: TestHub): string {
  return hub.launchUrl().split('#ticket=')[1]!;
}

function redeem(hub: TestHub, ticket: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${hub.origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ ticket }),
  });
}

async function login(hub: TestHub): Promise<string> {
  const response = await redeem(hub, ticketOf(hub));
  expect(response.status).toBe(204);
  return response.headers.get('set-cookie')!;
}

function rawGet(hub: TestHub, path: string, lines: string[]): Promise<string> {
  return exchangeRaw(hub.port, [`GET ${path} HTTP/1.1`, ...lines, 'Connection: close', '', ''].join('\r\n'));
}

test.for([
  ['evil.example', 421],
  ['127.0.0.1.evil.example', 421],
  ['localhost.evil.example:7400', 421],
  ['169.254.169.254', 421],
  ['localhost@evil.example', 421],
  ['127.0.0.1', 200],
  ['localhost:1', 200],
  ['LOCALHOST', 200],
  ['[::1]:7400', 200],
  ['watch.example', 200],
] as const)('Host %s is answered with %d', async ([name, status]) => {
  await using hub = await startTestHub({ allowedHosts: ['watch.example'] });
  const answer = await rawGet(hub, '/healthz', [`Host: ${name}`]);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

test('a request without a Host, or with a whole address as its target, is refused', async () => {
  await using hub = await startTestHub();
  expect(await exchangeRaw(hub.port, 'GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421 /);
  expect(await rawGet(hub, '/healthz', [])).toMatch(/^HTTP\/1\.1 400 /);
  expect(await rawGet(hub, 'http://evil.example/healthz', ['Host: localhost'])).toMatch(
    /^HTTP\/1\.1 40[04] /,
  );
});

test.for(guarded)('%s needs a token; a token in the address is none', async (address) => {
  await using hub = await startTestHub();
  for (const suffix of ['', `?token=${hub.ownerToken}`, `?access_token=${hub.ownerToken}`]) {
    const response = await fetch(hub.origin + address + suffix);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect((await problemOf(response)).code).toBe('unauthorised');
  }
});

test.for(guarded)('%s refuses a wrong token and anything that is no bearer token', async (address) => {
  await using hub = await startTestHub();
  for (const authorization of [
    `Bearer ${hub.ownerToken}x`,
    `Bearer ${hub.ownerToken.slice(1)}`,
    'Bearer ',
    `Basic ${hub.ownerToken}`,
    hub.ownerToken,
  ]) {
    const response = await fetch(hub.origin + address, { headers: { authorization } });
    expect(response.status).toBe(401);
  }
});

test('health needs no token and tells little', async () => {
  await using hub = await startTestHub();
  const response = await fetch(`${hub.origin}/healthz`);
  expect(response.status).toBe(200);
  expect(Object.keys((await response.json()) as object)).toEqual(['status', 'version', 'uptimeSeconds']);
});

test('twenty wrong tokens a minute, then 429; the right one still passes', async () => {
  await using hub = await startTestHub();
  const wrong = () => fetch(`${hub.origin}/api/v1/hosts`, { headers: { authorization: 'Bearer wrong' } });
  for (let attempt = 0; attempt < 20; attempt++) expect((await wrong()).status).toBe(401);
  const refused = await wrong();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await redeem(hub, 'wrong ticket')).status).toBe(429);
  expect((await hub.get('/api/v1/hosts')).status).toBe(200);
});

test('a launch ticket opens one session, once', async () => {
  await using hub = await startTestHub();
  const ticket = ticketOf(hub);
  expect((await redeem(hub, ticket)).status).toBe(204);
  const again = await redeem(hub, ticket);
  expect(again.status).toBe(401);
  expect(again.headers.get('set-cookie')).toBeNull();
});

test('the session cookie is out of reach for scripts and other sites, and named by the port', async () => {
  await using hub = await startTestHub();
  const cookie = await login(hub);
  expect(cookie).toContain(`watchline_session_${hub.port}=`);
  for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=2592000'])
    expect(cookie).toContain(attribute);
  expect(cookie).not.toContain('Domain');
});

test('a session outlives a restart; only its hash is on the disk, for this user alone', async () => {
  await using folder = await makeTempFolder();
  const first = await startTestHub({ dataDir: folder.path });
  const cookie = (await login(first)).split(';', 1)[0]!;
  const { port } = first;
  await first[Symbol.asyncDispose]();

  const file = path.join(folder.path, 'sessions.json');
  expect(await readFile(file, 'utf8')).not.toContain(cookie.split('=')[1]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);

  await using second = await startTestHub({ dataDir: folder.path, port });
  expect((await fetch(`${second.origin}/api/v1/hosts`, { headers: { cookie } })).status).toBe(200);
  const forged = cookie.replace(/=.*/, `=${'A'.repeat(43)}`);
  expect((await fetch(`${second.origin}/api/v1/hosts`, { headers: { cookie: forged } })).status).toBe(401);
});

test('a damaged sessions file means logging in again, nothing worse', async () => {
  await using folder = await makeTempFolder();
  await writeFile(path.join(folder.path, 'sessions.json'), '{"sessions":[{"hash":1},null,');
  await using hub = await startTestHub({ dataDir: folder.path });
  const cookie = (await login(hub)).split(';', 1)[0]!;
  expect((await fetch(`${hub.origin}/api/v1/hosts`, { headers: { cookie } })).status).toBe(200);
});

test.for([
  { 'Sec-Fetch-Site': 'cross-site' },
  { 'Sec-Fetch-Site': 'same-site' },
  { Origin: 'http://evil.example' },
  { Origin: 'null' },
  { Origin: 'http://127.0.0.1:1' },
])('a page of another origin cannot use the cookie: %o', async (headers) => {
  await using hub = await startTestHub();
  const cookie = (await login(hub)).split(';', 1)[0]!;
  const answer = await rawGet(hub, '/api/v1/hosts', [
    `Host: 127.0.0.1:${hub.port}`,
    `Cookie: ${cookie}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]);
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer).toContain('"foreign-page"');
});

test('the own page can use the cookie', async () => {
  await using hub = await startTestHub();
  const cookie = (await login(hub)).split(';', 1)[0]!;
  const host = `127.0.0.1:${hub.port}`;
  const answer = await rawGet(hub, '/api/v1/hosts', [
    `Host: ${host}`,
    `Cookie: ${cookie}`,
    'Sec-Fetch-Site: same-origin',
    `Origin: http://${host}`,
  ]);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
});

test('no answer carries a CORS header, and a preflight is refused', async () => {
  await using hub = await startTestHub();
  const headers = { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'GET' };
  for (const address of [...guarded, '/healthz', '/api/v1/session']) {
    const response = await fetch(hub.origin + address, { method: 'OPTIONS', headers });
    expect(response.status).toBe(405);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});

test('an address that is none gets a problem, and another method of one that is gets 405', async () => {
  await using hub = await startTestHub();
  const missing = await hub.get('/api/v1/nothing');
  expect(missing.status).toBe(404);
  expect((await problemOf(missing)).code).toBe('not-found');
  const wrongMethod = await hub.get('/api/v1/tickets');
  expect(wrongMethod.status).toBe(405);
  expect(wrongMethod.headers.get('allow')).toBe('POST');
});
