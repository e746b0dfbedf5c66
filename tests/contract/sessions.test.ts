/** Sessions: who is logged in, seen and ended by the owner, and by themselves. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hashOf } from '../../hub/access/secret.ts';
import { sessionsAnswer, tokensAnswer, whoAnswer, type SessionEntry } from '../../shared/schema/access.ts';
import { problem } from '../../shared/snapshot.ts';
import { askAsOwner } from '../support/agent-client.ts';
import { bearer, logIn } from '../support/callers.ts';
import { connectRaw } from '../support/raw-request.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { strict } from '../support/strict.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

async function sessionsOf(hub: TestHub, headers = bearer(hub.ownerToken)): Promise<SessionEntry[]> {
  const response = await fetch(`${hub.origin}/api/v1/sessions`, { headers });
  return strict(sessionsAnswer).parse(await response.json()).sessions;
}

function streamOf(hub: TestHub, cookie: string) {
  return readStream({ ...hub, ownerToken: null, headers: { Cookie: cookie } });
}

test('the owner sees who is logged in: since when, from where, with which browser, and which one it is itself', async () => {
  await using hub = await startTestHub();
  const startedAt = Date.now();
  const cookie = await logIn(hub, firefox);
  await logIn(hub, 'curl/8.0');
  const listed = await sessionsOf(hub, { cookie });
  expect(listed).toHaveLength(2);
  const own = listed.find(({ isOwn }) => isOwn)!;
  expect(own).toMatchObject({ share: null, name: null, address: '127.0.0.1', browser: 'Firefox on Linux' });
  expect(own.since).toBeGreaterThanOrEqual(startedAt);
  expect(own.lastSeenAt).toBeGreaterThanOrEqual(own.since);
  expect(listed.find(({ isOwn }) => !isOwn)).toMatchObject({ browser: null });
  expect((await sessionsOf(hub)).some(({ isOwn }) => isOwn)).toBe(false);
});

test('a session that is ended loses its stream at once, and opens nothing; the other goes on', async () => {
  await using hub = await startTestHub();
  const [cookie, other] = [await logIn(hub), await logIn(hub)];
  const own = (await sessionsOf(hub, { cookie })).find(({ isOwn }) => isOwn)!;
  using theirs = streamOf(hub, cookie);
  using kept = streamOf(hub, other);
  await Promise.all([theirs.until('ready'), kept.until('ready')]);
  expect((await askAsOwner(hub, 'DELETE', `/api/v1/sessions/${own.id}`)).status).toBe(204);
  expect((await theirs.until('bye')).data.reason).toBe('revoked');
  await theirs.closed;
  const ask = (asCookie: string) => fetch(`${hub.origin}/api/v1/hosts`, { headers: { cookie: asCookie } });
  expect([(await ask(cookie)).status, (await ask(other)).status]).toEqual([401, 200]);
  expect(kept.dataOf('bye')).toEqual([]);
  expect((await askAsOwner(hub, 'DELETE', `/api/v1/sessions/${own.id}`)).status).toBe(404);
});

test('who logs out has no session any more, and the browser forgets the cookie', async () => {
  await using hub = await startTestHub();
  const cookie = await logIn(hub);
  const leave = (headers: Record<string, string>) =>
    fetch(`${hub.origin}/api/v1/session`, { method: 'DELETE', headers });
  const left = await leave({ cookie });
  expect([left.status, left.headers.get('set-cookie')]).toEqual([
    204,
    `watchline_session_${hub.port}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict`,
  ]);
  expect((await leave({ cookie })).status).toBe(401);
  const asTool = await leave(bearer(hub.ownerToken));
  expect([asTool.status, problem.parse(await asTool.json()).error.code]).toEqual([409, 'no-session']);
});

test('a page learns who it is', async () => {
  await using hub = await startTestHub();
  const response = await fetch(`${hub.origin}/api/v1/session`, { headers: { cookie: await logIn(hub) } });
  expect(strict(whoAnswer).parse(await response.json())).toEqual({
    role: 'owner',
    name: null,
    scopes: ['read', 'publish', 'manage'],
    share: null,
    channels: ['metrics', 'processes', 'logs', 'state'],
    hosts: null,
  });
});

test('sessions of an earlier version are still good, and what is damaged is left out', async () => {
  await using folder = await makeTempFolder();
  const expires = Date.now() + 60_000;
  const sessions = [
    { hash: hashOf('old'), expires },
    { hash: 'nonsense', expires },
    null,
    { hash: hashOf('new') },
  ];
  writeFileSync(path.join(folder.path, 'sessions.json'), JSON.stringify({ sessions }));
  await using hub = await startTestHub({ dataDir: folder.path });
  const ask = (secret: string) =>
    fetch(`${hub.origin}/api/v1/hosts`, { headers: { cookie: `watchline_session_${hub.port}=${secret}` } });
  expect([(await ask('old')).status, (await ask('new')).status]).toEqual([200, 401]);
  expect((await sessionsOf(hub)).map(({ since, browser }) => [since, browser])).toEqual([[0, null]]);
});

test('no secret of a session is on the disk', async () => {
  await using hub = await startTestHub();
  const [, secret] = (await logIn(hub)).split('=');
  expect(readFileSync(path.join(hub.dataDir, 'sessions.json'), 'utf8')).not.toContain(secret);
});

test('a request that is still being sent when its session is ended does nothing', async () => {
  await using hub = await startTestHub();
  const cookie = await logIn(hub);
  const own = (await sessionsOf(hub, { cookie })).find(({ isOwn }) => isOwn)!;
  const body = JSON.stringify({ name: 'to come back with', scopes: ['read'] });
  const head = [
    'POST /api/v1/tokens HTTP/1.1',
    `Host: 127.0.0.1:${hub.port}`,
    `Cookie: ${cookie}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ].join('\r\n');
  using slow = connectRaw(hub.port, `${head}\r\n\r\n${body.slice(0, 9)}`);
  // The hub has begun with it once it has answered what came after it.
  await sessionsOf(hub);
  expect((await askAsOwner(hub, 'DELETE', `/api/v1/sessions/${own.id}`)).status).toBe(204);
  slow.socket.write(body.slice(9));
  await slow.closed;
  expect(slow.text()).toBe('');
  expect(tokensAnswer.parse(await (await hub.get('/api/v1/tokens')).json()).tokens).toEqual([]);
});
