/** Operator tokens and tickets: what they open, for how long, and that nothing of them is left lying about. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hashOf } from '../../hub/access/secret.ts';
import { ticketAnswer, tokenAnswer, tokensAnswer, whoAnswer } from '../../shared/schema/access.ts';
import { hubNumbers } from '../../shared/hub-numbers.ts';
import { parsePollBody } from '../../shared/poll.ts';
import { hostsAnswer, problem } from '../../shared/snapshot.ts';
import { askAsOwner } from '../support/agent-client.ts';
import { bearer, logIn, makeToken, ticketOf } from '../support/callers.ts';
import { metric } from '../support/metric.ts';
import { logLineOf } from '../support/observations.ts';
import { connectRaw, getRequest } from '../support/raw-request.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { ask, openSession, readHttp2Stream } from '../support/secure-reader.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { strict } from '../support/strict.ts';

async function codeOf(response: Response): Promise<[status: number, code: string]> {
  return [response.status, problem.parse(await response.json()).error.code];
}

test('a token is told once, kept as a hash, listed without it, and outlives a restart', async () => {
  await using folder = await makeTempFolder();
  let token: string;
  {
    await using hub = await startTestHub({ dataDir: folder.path });
    const made = await makeToken(hub, ['publish', 'read'], { name: 'deploy script' });
    token = made.token;
    expect(made.entry).toMatchObject({ name: 'deploy script', scopes: ['read', 'publish'], expiresAt: null });
    const listed = await (await hub.get('/api/v1/tokens')).text();
    expect(strict(tokensAnswer).parse(JSON.parse(listed)).tokens).toEqual([made.entry]);
    expect(listed).not.toContain(token);
    expect(readFileSync(path.join(folder.path, 'tokens.json'), 'utf8')).not.toContain(token);
  }
  await using hub = await startTestHub({ dataDir: folder.path });
  const who = await fetch(`${hub.origin}/api/v1/session`, { headers: bearer(token) });
  expect(strict(whoAnswer).parse(await who.json())).toMatchObject({
    role: 'operator',
    name: 'deploy script',
    scopes: ['read', 'publish'],
    hosts: null,
  });
  const [entry] = tokensAnswer.parse(await (await hub.get('/api/v1/tokens')).json()).tokens;
  expect(entry).toMatchObject({ lastAddress: '127.0.0.1', lastSeenAt: expect.any(Number) as number });
});

test('a token with read sees every host, and its stream says who it is', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [observer] });
  const { token } = await makeToken(hub, ['read']);
  const hosts = await fetch(`${hub.origin}/api/v1/hosts`, { headers: bearer(token) });
  expect(hostsAnswer.parse(await hosts.json()).hosts.map(({ host }) => host.id)).toEqual(['web-1']);
  using reader = readStream({ ...hub, ownerToken: token });
  expect((await reader.until('hello')).data).toMatchObject({ role: 'operator', share: null, hosts: null });
  await reader.until('ready');
  observer.observe({ name: 'log', data: logLineOf('web-1', 0, { text: 'for operators too' }) });
  await reader.until('log', ({ text }) => text === 'for operators too');
});

test('a wrong body, one scope that is none, and one token too many are refused', async () => {
  await using hub = await startTestHub();
  const post = (body: unknown) => askAsOwner(hub, 'POST', '/api/v1/tokens', body);
  for (const body of [
    {},
    { name: 'x', scopes: [] },
    { name: 'x', scopes: ['owner'] },
    { name: '', scopes: ['read'] },
  ])
    expect(await codeOf(await post(body))).toEqual([400, 'bad-body']);
  for (let made = 0; made < 64; made++) await makeToken(hub, ['read']);
  expect(await codeOf(await post({ name: 'x', scopes: ['read'] }))).toEqual([409, 'too-many-tokens']);
});

test('a damaged list of tokens is set aside; those that can be read still work', async () => {
  await using folder = await makeTempFolder();
  const file = path.join(folder.path, 'tokens.json');
  let token: string;
  {
    await using hub = await startTestHub({ dataDir: folder.path });
    token = (await makeToken(hub, ['read'])).token;
  }
  const kept = JSON.parse(readFileSync(file, 'utf8')) as { tokens: unknown[] };
  writeFileSync(file, JSON.stringify({ tokens: [...kept.tokens, { id: 7 }] }));
  await using hub = await startTestHub({ dataDir: folder.path });
  expect(hub.troubles.map((trouble) => (trouble as { code?: string }).code)).toEqual(['tokens-file-damaged']);
  expect(readFileSync(`${file}.damaged`, 'utf8')).toContain('"id":7');
  expect((await fetch(`${hub.origin}/api/v1/hosts`, { headers: bearer(token) })).status).toBe(200);
});

test('a token that is revoked ends its streams and polls with bye, takes its tickets along, and leaves others alone', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [observer] });
  const { token, entry } = await makeToken(hub, ['read']);
  using theirs = readStream({ ...hub, ownerToken: token });
  using mine = readStream(hub);
  await Promise.all([theirs.until('ready'), mine.until('ready')]);
  const { path: ticketPath } = await ticketOf(hub, token);
  const cursor = theirs.lastEventId;
  const poll = fetch(`${hub.origin}/api/v1/poll?cursor=${cursor}`, { headers: bearer(token) });
  await until(
    'the poll to be held',
    async () => (await metric(hub, 'watchline_hub_connections{protocol="poll"}')) === 1,
  );

  expect((await askAsOwner(hub, 'DELETE', `/api/v1/tokens/${entry.id}`)).status).toBe(204);
  expect((await theirs.until('bye')).data.reason).toBe('revoked');
  await theirs.closed;
  const [bye] = parsePollBody(await (await poll).text());
  expect([bye!.name, JSON.parse(bye!.data)]).toEqual(['bye', { reason: 'revoked', retryMs: 0 }]);
  expect((await fetch(hub.origin + ticketPath)).status).toBe(401);
  expect((await fetch(`${hub.origin}/api/v1/hosts`, { headers: bearer(token) })).status).toBe(401);
  observer.observe({ name: 'log', data: logLineOf('web-1', 0, { text: 'afterwards' }) });
  await mine.until('log', ({ text }) => text === 'afterwards');
  expect(JSON.stringify(theirs.events)).not.toContain('afterwards');
});

test('a reader that takes nothing is ended with its token as well', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [observer] });
  const { token, entry } = await makeToken(hub, ['read']);
  using deaf = readStream({ ...hub, ownerToken: token });
  await deaf.until('ready');
  deaf.socket.pause();
  const text = 'x'.repeat(60_000);
  for (let line = 0; line < 100; line++)
    observer.observe({ name: 'log', data: logLineOf('web-1', line, { text }) });
  await until('the reader to be behind', async () => {
    const { outboxes } = hubNumbers.parse(await (await hub.get('/api/v1/hub')).json());
    return outboxes.backedUp === 1;
  });
  expect((await askAsOwner(hub, 'DELETE', `/api/v1/tokens/${entry.id}`)).status).toBe(204);
  await until('the stream to be gone', async () => (await metric(hub, 'watchline_hub_streams')) === 0);
  expect(await metric(hub, 'watchline_hub_cuts_total{reason="revoked"}')).toBe(1);
});

test('over HTTP/2 the streams of a token end, and those of others on the same connection go on', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [observer], tls: 'self-signed' });
  using session = openSession(hub);
  const made = await ask(hub, 'HTTP/2', {
    path: '/api/v1/tokens',
    method: 'POST',
    headers: { ...bearer(hub.ownerToken), 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'x', scopes: ['read'] }),
  });
  const { token, entry } = tokenAnswer.parse(JSON.parse(made.body));
  const theirs = readHttp2Stream(session, { ...hub, ownerToken: token });
  const mine = readHttp2Stream(session, hub);
  const has = (stream: typeof mine, wanted: string) => stream.events.some(({ name }) => name === wanted);
  await until('both streams', () => has(theirs, 'ready') && has(mine, 'ready'));
  const path = `/api/v1/tokens/${entry.id}`;
  await ask(hub, 'HTTP/2', { path, method: 'DELETE', headers: bearer(hub.ownerToken) });
  await theirs.closed;
  expect(theirs.events.at(-1)!.name).toBe('bye');
  observer.observe({ name: 'log', data: logLineOf('web-1', 0, { text: 'afterwards' }) });
  await until('a line for the owner', () => has(mine, 'log'));
  expect([has(theirs, 'log'), has(mine, 'bye')]).toEqual([false, false]);
});

test('a token that expires ends its idle stream and poll then, and hears so from then on', async () => {
  await using folder = await makeTempFolder();
  const [token, expiresAt] = ['wlo_of-a-moment', Date.now() + 1_500];
  keepToken(folder.path, token, expiresAt);
  await using hub = await startTestHub({ dataDir: folder.path, heartbeatMs: 60_000 });
  using reader = readStream({ ...hub, ownerToken: token });
  await reader.until('ready');
  const poll = fetch(`${hub.origin}/api/v1/poll?cursor=${reader.lastEventId}`, { headers: bearer(token) });
  expect((await reader.until('bye')).data.reason).toBe('expired');
  await reader.closed;
  expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
  const [last] = parsePollBody(await (await poll).text());
  expect([last!.name, JSON.parse(last!.data)]).toEqual(['bye', { reason: 'expired', retryMs: 0 }]);
  expect(await codeOf(await fetch(`${hub.origin}/api/v1/hosts`, { headers: bearer(token) }))).toEqual([
    403,
    'token-expired',
  ]);
});

/** Asking for one takes ten seconds at least. */
function keepToken(dataDir: string, token: string, expiresAt: number): void {
  const tokenHash = hashOf(token);
  const entry = {
    id: tokenHash.slice(0, 12),
    name: 'brief',
    scopes: ['read'],
    createdAt: 0,
    expiresAt,
    tokenHash,
  };
  writeFileSync(path.join(dataDir, 'tokens.json'), JSON.stringify({ tokens: [entry] }));
}

test('a ticket opens one stream, once, in the address, and nothing else', async () => {
  await using hub = await startTestHub({ observers: [new ScriptedObserver()] });
  const { ticket, path: ticketPath } = await ticketOf(hub);
  for (const door of ['/api/v1/hosts', '/api/v1/poll', '/api/v1/hub', '/metrics'])
    expect((await fetch(`${hub.origin}${door}?ticket=${ticket}`)).status).toBe(401);
  const request = (target: string) =>
    connectRaw(hub.port, getRequest(target, { Host: `127.0.0.1:${hub.port}` }));
  using first = request(`${ticketPath}&channels=state`);
  await until('a stream', () => first.text().includes('event: ready'));
  expect(first.text()).toContain('"role":"owner"');
  expect(await codeOf(await fetch(hub.origin + ticketPath))).toEqual([401, 'unauthorised']);
  const { path: another } = await ticketOf(hub);
  using logs = request(another.replace('/stream?', '/stream/logs?'));
  await until('a stream of one channel', () => logs.text().includes('event: ready'));
});

test('a ticket goes no further than the token it was made with, and wrong ones are counted', async () => {
  await using hub = await startTestHub({ maxBadTokens: 2 });
  const { token } = await makeToken(hub, ['publish']);
  const asked = await fetch(`${hub.origin}/api/v1/tickets`, { method: 'POST', headers: bearer(token) });
  expect(await codeOf(asked)).toEqual([403, 'missing-scope']);
  const guess = () => fetch(`${hub.origin}/api/v1/stream?ticket=guess`).then((response) => response.status);
  expect([await guess(), await guess(), await guess()]).toEqual([401, 401, 429]);
});

test('a session gets a ticket too, and its stream ends with the session', async () => {
  await using hub = await startTestHub();
  const cookie = await logIn(hub);
  const asked = await fetch(`${hub.origin}/api/v1/tickets`, { method: 'POST', headers: { cookie } });
  const { path: ticketPath } = ticketAnswer.parse(await asked.json());
  using stream = connectRaw(hub.port, getRequest(ticketPath, { Host: `127.0.0.1:${hub.port}` }));
  await until('a stream', () => stream.text().includes('event: ready'));
  expect(
    (await fetch(`${hub.origin}/api/v1/session`, { method: 'DELETE', headers: { cookie } })).status,
  ).toBe(204);
  await until('bye', () => stream.text().includes('"reason":"revoked"'));
  await stream.closed;
});
