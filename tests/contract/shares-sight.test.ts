/** What viewers of a share see, by every door there is: its hosts, its channels, its lines, and nothing in them that was to be hidden. */
import { expect, test } from 'vitest';
import type { ShareAnswer } from '../../shared/schema/shares.ts';
import { hostsAnswer, problem } from '../../shared/snapshot.ts';
import { askAsOwner } from '../support/agent-client.ts';
import { bearer } from '../support/callers.ts';
import { logLineOf, logSourceOf, observedHost, processesOf, sampleOf } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { enterShare, makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream, type StreamReader } from '../support/stream-reader.ts';
import { until } from '../support/until.ts';

interface Watched extends AsyncDisposable {
  hub: TestHub;
  web: ScriptedObserver;
  db: ScriptedObserver;
}

async function watchTwo(): Promise<Watched> {
  const [web, db] = ['web-1', 'db-1'].map(
    (id) =>
      new ScriptedObserver(observedHost(id), [
        { name: 'source', data: logSourceOf(id) },
        { name: 'sample', data: { ...sampleOf(id), time: Date.now() } },
        { name: 'processes', data: { ...processesOf(id), time: Date.now() } },
        { name: 'log', data: logLineOf(id, 0, { time: Date.now(), text: `${id} is up` }) },
      ]),
  ) as [ScriptedObserver, ScriptedObserver];
  const hub = await startTestHub({ observers: [web, db] });
  return { hub, web, db, [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose]() };
}

/** One observation of each kind that is live. */
function observeAll(observer: ScriptedObserver, id: string, text: string): void {
  const time = Date.now();
  observer.observe({ name: 'sample', data: { ...sampleOf(id, 1), time } });
  observer.observe({ name: 'processes', data: { ...processesOf(id), time } });
  observer.observe({ name: 'log', data: logLineOf(id, 1, { time, text }) });
}

function readAs(hub: TestHub, { token }: ShareAnswer, more: Partial<Parameters<typeof readStream>[0]> = {}) {
  return readStream({ port: hub.port, ownerToken: token, ...more });
}

function textOf(stream: StreamReader): string {
  return JSON.stringify(stream.events);
}

/** Since the beginning of time: what a viewer could see at most. */
const allTime = { since: 0 } as const;

test('a share of one host shows nothing of another by any door', async () => {
  await using watched = await watchTwo();
  const { hub, web, db } = watched;
  const made = await makeShare(hub, { scope: { hosts: ['web-1'], ...allTime } });
  const guest = await enterShare(hub, made.link);
  using owner = readStream(hub);
  const { id: cursor } = await owner.until('ready');
  using stream = readAs(hub, made);
  using asking = readAs(hub, made, { query: 'hosts=db-1,web-1&recent=900' });
  await Promise.all([stream.until('ready'), asking.until('ready')]);
  await askAsOwner(hub, 'POST', '/api/v1/notes', { text: 'of both', hosts: ['web-1', 'db-1'] });
  await askAsOwner(hub, 'POST', '/api/v1/pointers', { time: Date.now(), host: 'db-1' });
  observeAll(db, 'db-1', 'db-1 speaks');
  observeAll(web, 'web-1', 'last word');
  await Promise.all([stream, asking].map((each) => each.until('log', ({ text }) => text === 'last word')));
  using replay = readAs(hub, made, { lastEventId: cursor });
  await replay.until('ready');
  const polled = await (await guest.ask('GET', `/api/v1/poll?wait=0&hosts=db-1,web-1`)).text();
  const asked = await (await guest.ask('GET', '/api/v1/hosts')).text();
  const pointed = await guest.ask('POST', '/api/v1/pointers', { time: Date.now(), host: 'db-1' });
  expect(problem.parse(await pointed.json()).error.code).toBe('unknown-host');
  const all = [textOf(stream), textOf(asking), textOf(replay), polled, asked];
  for (const text of all) {
    expect(text).toContain('web-1');
    expect(text).not.toContain('db-1');
  }
  expect(owner.dataOf('log').map(({ text }) => text)).toContain('db-1 speaks');
  expect(stream.dataOf('hello')[0]).toMatchObject({
    role: 'viewer',
    hosts: ['web-1'],
    share: { label: 'Friday', expiresAt: made.share.expiresAt },
  });
});

test('viewers change nothing, and see neither the hub’s numbers, nor who else may come in', async () => {
  await using watched = await watchTwo();
  const { hub } = watched;
  const guest = await enterShare(hub, (await makeShare(hub)).link);
  const refused = [
    ['POST', '/api/v1/notes', { text: 'hi' }],
    ['PATCH', '/api/v1/hosts/web-1', { name: 'mine' }],
    ['DELETE', '/api/v1/shares', undefined],
    ['POST', '/api/v1/invitations', {}],
    ['GET', '/api/v1/audit', undefined],
    ['GET', '/api/v1/shares', undefined],
    ['GET', '/api/v1/hub', undefined],
    ['GET', '/metrics', undefined],
  ] as const;
  for (const [method, path, body] of refused)
    expect([path, (await guest.ask(method, path, body)).status]).toEqual([path, 403]);
});

test('a share of metrics holds no processes, no lines, and no places where lines come from', async () => {
  await using watched = await watchTwo();
  const { hub, web } = watched;
  const made = await makeShare(hub, { scope: { channels: ['metrics'], ...allTime } });
  using stream = readAs(hub, made, { query: 'channels=metrics,processes,logs,state' });
  await stream.until('ready');
  observeAll(web, 'web-1', 'a line');
  await stream.until('sample', ({ cpu }) => cpu.user === 1);
  const names = new Set(stream.events.map(({ name }) => name));
  for (const name of ['processes', 'log', 'source'] as const) expect([...names]).not.toContain(name);
  expect(stream.dataOf('hello')[0]!.channels).toEqual(['metrics', 'state']);
  const answer = await fetch(`${hub.origin}/api/v1/hosts`, { headers: bearer(made.token) });
  const { hosts } = hostsAnswer.parse(await answer.json());
  expect(hosts.map(({ processes, sources }) => [processes, sources])).toEqual([
    [null, []],
    [null, []],
  ]);
});

test('a share by group follows the group: hosts come into sight, and leave it', async () => {
  await using watched = await watchTwo();
  const { hub, db } = watched;
  const made = await makeShare(hub, { scope: { groups: ['shop'], ...allTime } });
  const hostsSeen = async () => {
    const answer = await fetch(`${hub.origin}/api/v1/hosts`, { headers: bearer(made.token) });
    return hostsAnswer.parse(await answer.json()).hosts.map(({ host }) => host.id);
  };
  expect(await hostsSeen()).toEqual([]);
  using before = readAs(hub, made);
  await before.until('ready');
  await askAsOwner(hub, 'PATCH', '/api/v1/hosts/db-1', { group: 'shop' });
  expect((await before.until('bye')).data.reason).toBe('rotate');
  await before.closed;
  expect(textOf(before)).not.toContain('db-1');
  using stream = readAs(hub, made, { lastEventId: before.lastEventId });
  await stream.until('ready');
  // The cursor is of a sight that held less: a replay could not tell of the host.
  expect(stream.dataOf('reset')).toHaveLength(1);
  expect(stream.dataOf('host').map(({ id }) => id)).toEqual(['db-1']);
  await askAsOwner(hub, 'PATCH', '/api/v1/hosts/db-1', { group: null });
  await stream.closed;
  observeAll(db, 'db-1', 'unheard');
  await until('the host to be out of sight', async () => (await hostsSeen()).length === 0);
  expect(textOf(stream)).not.toContain('unheard');
});

test('a log filter leaves lines out, live and in the snapshot; what is redacted is gone from lines, fields and commands', async () => {
  await using watched = await watchTwo();
  const { hub, web } = watched;
  const made = await makeShare(hub, {
    scope: {
      logFilter: 'host:web* -quiet',
      redact: { secrets: true, emails: true, addresses: true },
      ...allTime,
    },
  });
  using stream = readAs(hub, made);
  await stream.until('ready');
  expect(stream.dataOf('log').map(({ text }) => text)).toEqual(['web-1 is up']);
  const say = (text: string, fields = {}) =>
    web.observe({ name: 'log', data: logLineOf('web-1', 2, { time: Date.now(), text, fields }) });
  say('quiet please');
  const leaks = ['hunter2', 'ana@example.net', '192.0.2.77', 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'];
  say(`password=hunter2 for ana@example.net from 192.0.2.77 with sk_live_4eC39HqLyjWDarjtT1zdp7dc`, {
    api_token: 'hunter2',
    from: '192.0.2.77',
    attempts: 3,
  });
  web.observe({
    name: 'processes',
    data: {
      ...processesOf('web-1'),
      time: Date.now(),
      rows: processesOf('web-1').rows.map((row) => ({
        ...row,
        command: 'mysql --password hunter2 -h 192.0.2.77',
      })),
    },
  });
  await stream.until('processes', ({ rows }) => rows[0]!.command.startsWith('mysql'));
  for (const leak of leaks) expect(textOf(stream)).not.toContain(leak);
  expect(stream.dataOf('log').at(-1)).toMatchObject({
    text: 'password=[secret] for [e-mail] from [address] with [secret]',
    fields: { api_token: '[secret]', from: '[address]', attempts: 3 },
  });
  expect(stream.dataOf('processes').at(-1)!.rows[0]!.command).toBe('mysql --password [secret] -h [address]');
  expect(textOf(stream)).not.toContain('quiet please');
});

test('with hidden names no id, name, group, tag or address of a host leaves the hub; what a viewer points at is found', async () => {
  await using watched = await watchTwo();
  const { hub, web } = watched;
  await askAsOwner(hub, 'PATCH', '/api/v1/hosts/web-1', { group: 'acme-shop', tags: ['acme-eu'] });
  const made = await makeShare(hub, { scope: { hidesNames: true, ...allTime } });
  const guest = await enterShare(hub, made.link);
  using stream = readAs(hub, made);
  await stream.until('ready');
  observeAll(web, 'web-1', 'WEB-1.example.net talks to db-1 (192.0.2.9) in /var/log/web-1.log');
  const { data: line } = await stream.until('log', ({ text }) => text.includes('talks'));
  expect(line.text).toMatch(/^(host-\w{6}) talks to (host-\w{6}) \(\[address\]\) in \/var\/log\/\1\.log$/);
  const shown = line.host;
  expect(shown).toMatch(/^host-\w{6}$/);
  const pointed = await guest.ask('POST', '/api/v1/pointers', {
    time: Date.now(),
    host: shown,
    series: 'cpu.user',
  });
  expect([pointed.status, await pointed.json()]).toMatchObject([201, { host: shown, role: 'viewer' }]);
  using owner = readStream(hub);
  expect((await owner.until('pointer')).data.host).toBe('web-1');
  using narrowed = readAs(hub, made, { query: `hosts=${shown}` });
  await narrowed.until('ready');
  expect(narrowed.dataOf('host').map(({ id, name }) => [id, name])).toEqual([[shown, shown]]);
  const answers = [
    textOf(stream),
    textOf(narrowed),
    await (await guest.ask('GET', '/api/v1/hosts')).text(),
    await (await guest.ask('GET', '/api/v1/poll?wait=0')).text(),
    await (await guest.ask('GET', '/api/v1/session')).text(),
  ];
  for (const text of answers) {
    for (const name of ['web-1', 'db-1', 'acme', '192.0.2']) expect(text.toLowerCase()).not.toContain(name);
  }
});

test('a live share shows nothing from before its viewer came', async () => {
  await using watched = await watchTwo();
  const { hub, web } = watched;
  const made = await makeShare(hub);
  expect(made.share.scope.since).toBe('live');
  using stream = readAs(hub, made, { query: 'recent=900' });
  await stream.until('ready');
  expect([stream.dataOf('recent'), stream.dataOf('log')]).toEqual([[], []]);
  expect(stream.dataOf('sample')).toHaveLength(2);
  observeAll(web, 'web-1', 'seen');
  await stream.until('log', ({ text }) => text === 'seen');
});
