/** People: who watches, where they point, and what of all that is written down. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { auditAnswer, type AuditEntry } from '../../shared/schema/audit.ts';
import { askAsOwner, pairAgent } from '../support/agent-client.ts';
import { bearer, logIn, makeToken } from '../support/callers.ts';
import { observedHost } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { askToEnter, enterShare, makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

function watched(): Promise<TestHub> {
  return startTestHub({ observers: [new ScriptedObserver(observedHost('web-1'))] });
}

async function auditOf(hub: TestHub, query = ''): Promise<AuditEntry[]> {
  return auditAnswer.parse(await (await askAsOwner(hub, 'GET', `/api/v1/audit${query}`)).json()).entries;
}

test('the owner sees who watches which screen; viewers see how many', async () => {
  await using hub = await watched();
  const [made, other] = [await makeShare(hub), await makeShare(hub, { label: 'Other' })];
  using owner = readStream(hub);
  await owner.until('ready');
  const ben = await enterShare(hub, made.link, 'Ben');
  await owner.until('presence', ({ viewers }) => viewers?.[0]?.name === 'Ben');
  using bens = readStream({ ...hub, ownerToken: null, headers: ben.headers });
  await bens.until('ready');
  expect((await ben.ask('POST', '/api/v1/presence', { screen: '/host/web-1' })).status).toBe(204);
  const { data } = await owner.until('presence', ({ viewers }) => viewers?.[0]?.screen === '/host/web-1');
  expect(data).toMatchObject({
    share: made.share.id,
    count: 1,
    viewers: [{ name: 'Ben', share: made.share.id }],
  });
  await enterShare(hub, made.link, 'Cleo');
  await enterShare(hub, other.link, 'Dan');
  await owner.until('presence', ({ share }) => share === other.share.id);
  expect((await bens.until('presence', ({ count }) => count === 2)).data.viewers).toBeNull();
  const told = JSON.stringify(bens.events);
  for (const name of ['Ben', 'Cleo', 'Dan', other.share.id]) expect(told).not.toContain(name);
  using late = readStream(hub);
  await late.until('ready');
  expect(late.dataOf('presence').map(({ count }) => count)).toEqual([2, 1]);
  await askAsOwner(hub, 'DELETE', `/api/v1/shares/${made.share.id}`);
  await owner.until('presence', ({ share, count }) => share === made.share.id && count === 0);
});

test('a moment that somebody points at reaches everybody, also who comes later; not more than thirty a minute', async () => {
  await using hub = await watched();
  const made = await makeShare(hub);
  const ben = await enterShare(hub, made.link, 'Ben');
  const time = Date.now() - 5_000;
  const pointed = await ben.ask('POST', '/api/v1/pointers', { time, host: 'web-1', series: 'cpu.user' });
  expect(pointed.status).toBe(201);
  using owner = readStream(hub);
  expect((await owner.until('pointer')).data).toMatchObject({
    time,
    host: 'web-1',
    series: 'cpu.user',
    by: 'Ben',
    role: 'viewer',
  });
  const future = await ben.ask('POST', '/api/v1/pointers', { time: Date.now() + 3_600_000 });
  expect(future.status).toBe(400);
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => ben.ask('POST', '/api/v1/pointers', { time })),
  );
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
  // The owner's are counted by themselves.
  expect((await askAsOwner(hub, 'POST', '/api/v1/pointers', { time })).status).toBe(201);
});

test('what was done is told to the owner, kept, and holds no secret', async () => {
  await using hub = await watched();
  using owner = readStream(hub);
  await owner.until('ready');
  const made = await makeShare(hub, { by: 'Ana' });
  const secret = new URL(made.link).hash.slice(1);
  const guest = await enterShare(hub, made.link, 'Ben');
  for (let times = 0; times < 2; times++)
    await fetch(`${hub.origin}/api/v1/hosts`, { headers: bearer(made.token) });
  using bens = readStream({ ...hub, ownerToken: null, headers: guest.headers });
  await bens.until('ready');
  const at = `/api/v1/shares/${made.share.id}`;
  await askAsOwner(hub, 'PATCH', at, { isPaused: true });
  await askAsOwner(hub, 'PATCH', at, { isPaused: false, label: 'Lunch' });
  await askAsOwner(hub, 'POST', `${at}/preview`);
  const cookie = await logIn(hub, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0');
  const { token } = await makeToken(hub, ['read']);
  const agent = await pairAgent(hub, { id: 'db-1' });
  await askAsOwner(hub, 'PATCH', '/api/v1/hosts/web-1', { group: 'shop' });
  await askAsOwner(hub, 'DELETE', '/api/v1/agents/db-1');
  const wrong = `wrong-${secret.slice(6)}`;
  for (let tries = 0; tries < 3; tries++)
    await fetch(`${hub.origin}/api/v1/hosts`, { headers: bearer(wrong) });
  await askToEnter(hub, made.link.replace(secret, wrong));
  await askAsOwner(hub, 'DELETE', at);
  await askToEnter(hub, made.link);
  const entries = await auditOf(hub);
  expect(entries.map(({ kind }) => kind).reverse()).toEqual([
    'hub-started',
    'share-created',
    'share-opened',
    'share-opened',
    'share-paused',
    'share-resumed',
    'share-changed',
    'share-previewed',
    'login',
    'token-created',
    'agent-invited',
    'agent-paired',
    'host-changed',
    'agent-revoked',
    'refused',
    'refused',
    'share-revoked',
    'share-refused',
  ]);
  const byKind = (kind: AuditEntry['kind']) => entries.findLast((entry) => entry.kind === kind)!;
  expect(byKind('share-opened')).toMatchObject({
    actor: { role: 'viewer', name: 'Ben', address: '127.0.0.1' },
    subject: { id: made.share.id, name: 'Friday' },
  });
  expect(byKind('login').details).toEqual({ browser: 'Firefox on Linux' });
  expect(byKind('host-changed')).toMatchObject({ actor: { role: 'owner' }, subject: { id: 'web-1' } });
  expect(entries.filter(({ kind }) => kind === 'refused').map(({ details }) => details['code'])).toEqual([
    'wrong-share-link',
    'unauthorised',
  ]);
  await owner.until('audit', ({ kind }) => kind === 'share-refused');
  expect(owner.dataOf('audit').map(({ id }) => id)).toEqual(
    entries
      .map(({ id }) => id)
      .slice(0, -1)
      .reverse(),
  );
  expect(bens.dataOf('audit')).toEqual([]);
  const kept = readFileSync(path.join(hub.dataDir, 'audit.ndjson'), 'utf8');
  const told = JSON.stringify(owner.events);
  const secrets = [secret, wrong, token, agent.token, hub.ownerToken, cookie.split('=')[1]!];
  for (const each of secrets) for (const text of [kept, told]) expect(text).not.toContain(each);
});

test('a refused ticket is written down without the ticket', async () => {
  await using hub = await watched();
  const ticket = 'wlt_0123456789';
  expect((await fetch(`${hub.origin}/api/v1/stream?ticket=${ticket}`)).status).toBe(401);
  const [entry] = await auditOf(hub);
  expect(entry).toMatchObject({ kind: 'refused', details: { path: '/api/v1/stream' } });
  expect(JSON.stringify(entry)).not.toContain(ticket);
});

test('it is read page by page, newest first, and its numbers go on after a restart', async () => {
  await using folder = await makeTempFolder();
  {
    await using hub = await startTestHub({ dataDir: folder.path });
    for (let made = 0; made < 5; made++) await makeShare(hub, { label: `share ${made}` });
    const first = auditAnswer.parse(await (await askAsOwner(hub, 'GET', '/api/v1/audit?limit=4')).json());
    expect(first.entries.map(({ subject }) => subject?.name)).toEqual([
      'share 4',
      'share 3',
      'share 2',
      'share 1',
    ]);
    const rest = await auditOf(hub, `?limit=4&before=${first.next}`);
    expect(rest.map(({ kind }) => kind)).toEqual(['share-created', 'hub-started']);
    for (const query of ['limit=0', 'limit=501', 'before=0', 'limt=4', 'limit=4&limit=5'])
      expect((await askAsOwner(hub, 'GET', `/api/v1/audit?${query}`)).status).toBe(400);
  }
  await using again = await startTestHub({ dataDir: folder.path });
  expect((await auditOf(again)).map(({ id }) => id)).toEqual([7, 6, 5, 4, 3, 2, 1]);
});
