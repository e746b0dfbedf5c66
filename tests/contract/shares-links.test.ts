/** A share link from its making to its end: who may open it, what the hub keeps of it, and how it closes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { share, sharesAnswer, type Share } from '../../shared/schema/shares.ts';
import { hubNumbers } from '../../shared/hub-numbers.ts';
import { hostsAnswer, problem } from '../../shared/snapshot.ts';
import { askAsOwner } from '../support/agent-client.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { changeReach } from '../support/reach-hub.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { askToEnter, enterShare, makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** What a share has opened is over this long after the share, whatever ended it (docs/protocol.md). */
const WITHIN_MS = 1_000;

function watched(options: Parameters<typeof startTestHub>[0] = {}): Promise<TestHub> {
  const sample = { ...sampleOf('web-1'), time: Date.now() };
  return startTestHub({
    observers: [new ScriptedObserver(observedHost('web-1'), [{ name: 'sample', data: sample }])],
    ...options,
  });
}

async function listed(hub: TestHub): Promise<Share[]> {
  return sharesAnswer.parse(await (await askAsOwner(hub, 'GET', '/api/v1/shares')).json()).shares;
}

async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, problem.parse(await response.json()).error.code];
}

test('a link is opened by its secret alone, which is told once and kept as a hash', async () => {
  await using hub = await watched();
  const made = await makeShare(hub, { label: 'Friday', by: 'Ana' });
  const secret = new URL(made.link).hash.slice(1);
  expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(made.link).toBe(`${hub.origin}/s/${made.share.id}#${secret}`);
  expect(made.token).toBe(`wls_${made.share.id}_${secret}`);
  expect(made.share).toMatchObject({ label: 'Friday', by: 'Ana', state: 'open', firstSeenAt: null });
  const kept = readFileSync(path.join(hub.dataDir, 'shares.json'), 'utf8');
  const answers = JSON.stringify([await listed(hub), await (await hub.get('/api/v1/audit')).json()]);
  for (const text of [kept, answers]) expect(text).not.toContain(secret);

  const response = await askToEnter(hub, made.link, 'Ben');
  expect(response.status).toBe(204);
  expect(response.headers.get('set-cookie')).toMatch(
    new RegExp(
      `^watchline_share_${made.share.id}_${hub.port}=[\\w-]{43}; Max-Age=\\d+; Path=/; HttpOnly; SameSite=Strict$`,
    ),
  );
  const guest = await enterShare(hub, made.link);
  const { hosts } = hostsAnswer.parse(await (await guest.ask('GET', '/api/v1/hosts')).json());
  expect(hosts.map(({ host }) => host.id)).toEqual(['web-1']);
  // The cookie counts for nobody who does not say so: the owner's page in the same browser is the owner's.
  expect(
    (await fetch(`${hub.origin}/api/v1/hosts`, { headers: { cookie: guest.headers['cookie']! } })).status,
  ).toBe(401);
});

test('the cookie of a share is no owner’s, under whatever name it is sent, nor that of another share', async () => {
  await using hub = await watched();
  const [first, second] = [await makeShare(hub), await makeShare(hub)];
  const guest = await enterShare(hub, first.link);
  const value = guest.headers['cookie']!.split('=')[1]!;
  const ask = (headers: Record<string, string>) => fetch(`${hub.origin}/api/v1/hosts`, { headers });
  expect((await ask({ cookie: `watchline_session_${hub.port}=${value}` })).status).toBe(401);
  const asSecond = { cookie: `watchline_share_${second.share.id}_${hub.port}=${value}` };
  const answer = await ask({ ...asSecond, 'x-watchline-share': second.share.id });
  expect(await codeOf(answer)).toEqual([401, 'no-share-session']);
  // Nor is one share's secret another's token.
  const [, , secret] = first.token.split('_');
  expect((await ask({ authorization: `Bearer wls_${second.share.id}_${secret}` })).status).toBe(401);
});

test('wrong secrets, other ids and foreign pages open nothing; twenty a minute, then 429', async () => {
  await using hub = await watched();
  const { link, share: made } = await makeShare(hub);
  const [base, secret] = link.split('#') as [string, string];
  const wrong = `${base}#${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`;
  const elsewhere = `${link.replace(made.id, 'abcdefghjkmn')}`;
  expect(await codeOf(await askToEnter(hub, wrong))).toEqual([401, 'wrong-share-link']);
  expect(await codeOf(await askToEnter(hub, elsewhere))).toEqual([401, 'wrong-share-link']);
  expect(await codeOf(await askToEnter(hub, link, null, { Origin: 'https://evil.example' }))).toEqual([
    403,
    'foreign-page',
  ]);
  for (let tries = 2; tries < 20; tries++) await askToEnter(hub, wrong);
  const answer = await askToEnter(hub, wrong);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await codeOf(answer)).toEqual([429, 'too-many-bad-tokens']);
  expect((await askToEnter(hub, link)).status).toBe(204);
});

test('opening the page, as previews of chat programs do, consumes nothing', async () => {
  await using pages = await makeTempFolder();
  writeFileSync(path.join(pages.path, 'index.html'), '<!doctype html>');
  await using hub = await watched({ pageDir: pages.path });
  const { link } = await makeShare(hub);
  for (const method of ['GET', 'HEAD', 'GET']) {
    const page = await fetch(link, { method });
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-robots-tag')).toBe('noindex, nofollow');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('set-cookie')).toBeNull();
  }
  expect((await listed(hub))[0]).toMatchObject({ firstSeenAt: null, viewers: 0 });
  expect((await askToEnter(hub, link)).status).toBe(204);
});

test.each(['cookie', 'token'] as const)(
  'revoked, its streams and polls with a %s end within a second',
  async (by) => {
    await using hub = await watched();
    const made = await makeShare(hub);
    const headers: Record<string, string> =
      by === 'cookie'
        ? (await enterShare(hub, made.link)).headers
        : { authorization: `Bearer ${made.token}` };
    using stream = readStream({ ...hub, ownerToken: null, headers });
    using owners = readStream({ ...hub });
    await stream.until('ready');
    await owners.until('ready');
    const held = await fetch(`${hub.origin}/api/v1/poll?wait=20`, { headers });
    const cursor = /^id: (\S+)$/m.exec((await held.text()).trim().split('\n\n').at(-1)!)![1]!;
    const poll = fetch(`${hub.origin}/api/v1/poll?wait=20&cursor=${cursor}`, { headers });
    await until('the poll to be held', async () => {
      const numbers = hubNumbers.parse(await (await hub.get('/api/v1/hub')).json());
      return numbers.connections.poll === 1;
    });
    const startedAt = performance.now();
    expect((await askAsOwner(hub, 'DELETE', `/api/v1/shares/${made.share.id}`)).status).toBe(200);
    const bye = await stream.until('bye');
    expect(bye.data).toMatchObject({ reason: 'revoked' });
    await stream.closed;
    expect(await (await poll).text()).toContain('"reason":"revoked"');
    expect(performance.now() - startedAt).toBeLessThan(WITHIN_MS);
    expect(await codeOf(await fetch(`${hub.origin}/api/v1/hosts`, { headers }))).toEqual([
      403,
      'share-revoked',
    ]);
    expect(await codeOf(await askToEnter(hub, made.link))).toEqual([403, 'share-revoked']);
    expect(owners.dataOf('bye')).toEqual([]);
  },
);

test('expired, an idle stream ends by itself, give or take a second', async () => {
  await using hub = await watched();
  const made = await makeShare(hub);
  const { headers } = await enterShare(hub, made.link);
  await askAsOwner(hub, 'PATCH', `/api/v1/shares/${made.share.id}`, { expiresInSeconds: 1 });
  using stream = readStream({ ...hub, ownerToken: null, headers });
  await stream.until('ready');
  const { expiresAt } = (await listed(hub))[0]!;
  await stream.closed;
  expect(Math.abs(Date.now() - expiresAt!)).toBeLessThan(1_000);
  expect(stream.dataOf('bye')).toEqual([expect.objectContaining({ reason: 'expired' })]);
  expect(await codeOf(await fetch(`${hub.origin}/api/v1/hosts`, { headers }))).toEqual([
    403,
    'share-expired',
  ]);
  expect((await listed(hub))[0]!.state).toBe('expired');
});

test('paused, viewers are sent away and come back when it goes on; the owner changes label and limit', async () => {
  await using hub = await watched();
  const made = await makeShare(hub);
  const guest = await enterShare(hub, made.link);
  const at = `/api/v1/shares/${made.share.id}`;
  using stream = readStream({ ...hub, ownerToken: null, headers: guest.headers });
  await stream.until('ready');
  const paused = await askAsOwner(hub, 'PATCH', at, { isPaused: true, label: 'Lunch' });
  expect(share.parse(await paused.json())).toMatchObject({ state: 'paused', label: 'Lunch', viewers: 0 });
  await stream.closed;
  const refused = await guest.ask('GET', '/api/v1/hosts');
  expect(refused.headers.get('retry-after')).toBe('10');
  expect(await codeOf(refused)).toEqual([403, 'share-paused']);
  expect(await codeOf(await askToEnter(hub, made.link))).toEqual([403, 'share-paused']);
  await askAsOwner(hub, 'PATCH', at, { isPaused: false });
  expect((await guest.ask('GET', '/api/v1/hosts')).status).toBe(200);
});

test('as many watch as may; the owner’s own look counts as nobody’s', async () => {
  await using hub = await watched();
  const made = await makeShare(hub, { maxViewers: 1 });
  const guest = await enterShare(hub, made.link);
  expect(await codeOf(await askToEnter(hub, made.link))).toEqual([429, 'share-full']);
  expect(
    await codeOf(
      await fetch(`${hub.origin}/api/v1/hosts`, { headers: { authorization: `Bearer ${made.token}` } }),
    ),
  ).toEqual([429, 'share-full']);
  // The same browser opens its link again.
  expect((await askToEnter(hub, made.link, null, { cookie: guest.headers['cookie']! })).status).toBe(204);
  const preview = await askAsOwner(hub, 'POST', `/api/v1/shares/${made.share.id}/preview`);
  expect(preview.status).toBe(201);
  const { link } = (await preview.json()) as { link: string };
  const look = await enterShare(hub, link);
  expect((await look.ask('GET', '/api/v1/hosts')).status).toBe(200);
  expect((await listed(hub))[0]!.viewers).toBe(1);
});

test.each(['plain', 'tls'] as const)('the line for a shell works as it stands (%s)', async (network) => {
  await using folder = await makeTempFolder();
  await using hub = await watched();
  if (network === 'tls') await changeReach(hub, { network: 'tls', port: 0 });
  const { curl, authority, streamUrl } = await makeShare(hub);
  if (authority !== null) {
    // As a person would save it, whose browser has been told to trust it.
    const certificate = await (await fetch(hub.origin + new URL(authority).pathname)).text();
    writeFileSync(path.join(folder.path, 'watchline-ca.crt'), certificate);
  }
  expect(authority === null).toBe(network === 'plain' || !streamUrl.startsWith('https:'));
  const shell = spawn('sh', ['-c', `exec ${curl} -sS`], { cwd: folder.path });
  let output = '';
  for (const stream of [shell.stdout, shell.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until('the stream', () => output.includes('event: ready') || shell.exitCode !== null);
  shell.kill();
  await once(shell, 'close');
  expect(output).toMatch(/event: hello\ndata: .*"role":"viewer"/);
});

test('one address opens no more than sixty sessions of a share in a minute', async () => {
  await using hub = await watched();
  const [made, other] = [await makeShare(hub), await makeShare(hub)];
  const answers = await Promise.all(Array.from({ length: 61 }, () => askToEnter(hub, made.link)));
  const refused = answers.filter(({ status }) => status !== 204);
  expect(await Promise.all(refused.map(codeOf))).toEqual([[429, 'too-often']]);
  expect((await askToEnter(hub, other.link)).status).toBe(204);
});

test('all are revoked at once; what is over stays over, also after a restart, and sessions of the others go on', async () => {
  await using folder = await makeTempFolder();
  let link: string;
  let headers: Record<string, string>;
  let port: number;
  {
    await using hub = await watched({ dataDir: folder.path });
    const first = await makeShare(hub);
    await makeShare(hub);
    const answer = await askAsOwner(hub, 'DELETE', '/api/v1/shares');
    expect(await answer.json()).toEqual({ revoked: 2 });
    expect((await askAsOwner(hub, 'DELETE', '/api/v1/shares')).status).toBe(200);
    expect(
      await codeOf(await askAsOwner(hub, 'PATCH', `/api/v1/shares/${first.share.id}`, { isPaused: true })),
    ).toEqual([409, 'share-over']);
    ({ link } = await makeShare(hub, { label: 'kept' }));
    ({ headers } = await enterShare(hub, link));
    port = hub.port;
  }
  await using again = await watched({ dataDir: folder.path, port });
  expect((await listed(again)).map(({ label, state }) => [label, state])).toEqual([
    ['kept', 'open'],
    ['Friday', 'revoked'],
    ['Friday', 'revoked'],
  ]);
  expect((await fetch(`${again.origin}/api/v1/hosts`, { headers })).status).toBe(200);
  expect((await askToEnter(again, link)).status).toBe(204);
});

test.each([
  [{ scope: { hosts: ['nobody'] } }, 'unknown-host'],
  [{ scope: { logFilter: 'a (' } }, 'bad-filter'],
  [{ scope: { logFilter: 'error /(a+)+$/' } }, 'bad-filter'],
  [{ scope: { channels: ['state'] } }, 'bad-body'],
  [{ expiresInSeconds: 0 }, 'bad-body'],
  [{ label: '' }, 'bad-body'],
  [{ lable: 'x' }, 'bad-body'],
] as const)('a share of %j is refused: %s', async (wishes, code) => {
  await using hub = await watched();
  const answer = await askAsOwner(hub, 'POST', '/api/v1/shares', { label: 'x', ...wishes });
  expect(await codeOf(answer)).toEqual([400, code]);
  expect(await listed(hub)).toEqual([]);
});
