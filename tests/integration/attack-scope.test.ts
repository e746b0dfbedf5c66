/**
 * Who was given a part of a hub tries every door for the rest of it: every route, every channel, cursors of others, tickets, polls,
 * presence, pointers. Everything about the other host carries a mark, and every byte of every answer is searched for it.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routesOf, type RouteParts } from '../../hub/http/routes.ts';
import { paths } from '../../shared/protocol.ts';
import { searchRecord, type SearchRecord, type SearchRecordOf } from '../../shared/schema/log-search.ts';
import { shareHeader } from '../../shared/share-terms.ts';
import { askAsOwner } from '../support/agent-client.ts';
import { bearer, logIn, makeToken } from '../support/callers.ts';
import { logLineOf } from '../support/observations.ts';
import { markedHost, markedObservations } from '../support/marked-host.ts';
import { postNote } from '../support/post-note.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { enterShare, makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

const OWN = 'a1a1shown';
const OTHER = 'b2b2secret';
const ownHost = `srv-${OWN}`;
const otherHost = `srv-${OTHER}`;

let hub: TestHub;
let observer: ScriptedObserver;
/** Cursors of the owner's stream: of all that happened on either host. */
const ownersCursors: string[] = [];
/** Ids of lines of the other host, by the owner's search. */
let othersLines: string[] = [];
let turn = 0;

beforeAll(async () => {
  observer = new ScriptedObserver(markedHost(OTHER), []);
  hub = await startTestHub({ observers: [observer], maxBadTokens: 100_000, maxNotesPerMinute: 10_000 });
  hub.sink.describe(markedHost(OWN));
  await askAsOwner(hub, 'PATCH', `${paths.hosts}/${otherHost}`, {
    group: `group ${OTHER}`,
    tags: [`tag ${OTHER}`],
  });
  await askAsOwner(hub, 'PATCH', `${paths.hosts}/${ownHost}`, {
    group: `group ${OWN}`,
    tags: [`tag ${OWN}`],
  });
  await postNote(hub, `note of ${OTHER}`, [otherHost]);
  await postNote(hub, `note of both, ${OTHER}`, [otherHost, ownHost]);
  await postNote(hub, `note of ${OWN}`, [ownHost]);
  await askAsOwner(hub, 'POST', paths.pointers, {
    time: Date.now(),
    host: otherHost,
    series: `disk.${OTHER}.read`,
  });
  await makeShare(hub, { label: `share ${OTHER}`, by: OTHER, scope: { hosts: [otherHost] } });
  await makeToken(hub, ['read'], { name: `token ${OTHER}` });
  happen();
  const text = await readOn(fetch(`${hub.origin}${paths.stream}`, { headers: bearer(hub.ownerToken) }));
  ownersCursors.push(...new Set([...text.matchAll(/^id: ([^~\n]+)$/gm)].map(([, id]) => id!)));
  expect(ownersCursors.length).toBeGreaterThan(10);
  othersLines = (await search(bearer(hub.ownerToken), `hosts=${otherHost}`)).flatMap((record) =>
    record.kind === 'line' ? record.id : [],
  );
  expect(othersLines.length).toBeGreaterThan(1);
});
afterAll(() => hub[Symbol.asyncDispose]());

async function search(headers: Record<string, string>, query: string): Promise<SearchRecord[]> {
  const response = await fetch(`${hub.origin}${paths.logSearch}?${query}`, { headers });
  expect(response.status).toBe(200);
  return (await response.text())
    .trim()
    .split('\n')
    .map((line) => searchRecord.parse(JSON.parse(line)));
}

/** Something of every kind on either host; last of all what every share of the own one is shown. */
function happen(): string {
  turn++;
  for (const mark of [OTHER, OWN]) {
    for (const event of markedObservations(mark, turn)) hub.sink.observe(event);
    hub.sink.describe(markedHost(mark, `turn-${turn} ${mark}`));
  }
  return `"turn-${turn} ${OWN}"`;
}

/** Opens a stream and reads on and on. What is no stream is read whole. */
async function open(asked: Promise<Response>) {
  const response = await asked;
  const head = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  const state = { text: `${response.status}\n${head}\n`, isStream: false, cancel: () => Promise.resolve() };
  state.isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (!state.isStream) {
    state.text += await response.text();
    return state;
  }
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  void (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) state.text += part.value;
  })().catch(() => undefined);
  state.cancel = () => reader.cancel();
  await until('the stream to be ready', () => state.text.includes('event: ready'));
  return state;
}

/** All answers, and all of the streams with what happens while they are open; by door. */
async function readAll(asked: Record<string, Promise<Response>>): Promise<{ door: string; text: string }[]> {
  const control = await open(fetch(hub.origin + paths.stream, { headers: bearer(hub.ownerToken) }));
  const pass = async () => {
    const end = happen();
    await until('the turn to have come through', () => control.text.includes(end));
  };
  let isOpen = false;
  const opening = Promise.all(
    Object.entries(asked).map(async ([door, one]) => ({ door, stream: await open(one) })),
  );
  void opening.finally(() => (isOpen = true)).catch(() => undefined);
  // Held polls are answered by what happens.
  while (!isOpen) await pass();
  const opened = await opening;
  // Of two turns the second shows that the first has left the hub.
  await pass();
  await pass();
  await Promise.all([control, ...opened.map(({ stream }) => stream)].map(({ cancel }) => cancel()));
  return opened.map(({ door, stream }) => ({ door, text: stream.text }));
}

async function readOn(asked: Promise<Response>): Promise<string> {
  return (await readAll({ one: asked }))[0]!.text;
}

/** Everything that somebody with these headers can get out of the hub. */
async function walk(headers: Record<string, string>): Promise<{ door: string; text: string }[]> {
  const asked: Record<string, Promise<Response>> = {};
  const get = (path: string, more = {}) =>
    void (asked[`GET ${path} ${JSON.stringify(more)}`] = fetch(hub.origin + path, {
      headers: { ...headers, ...more },
    }));
  const send = (method: string, path: string, body: unknown) =>
    fetch(hub.origin + path, {
      method,
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });

  for (const { method, path, access } of routesOf({} as RouteParts)) {
    const isOutside = path.includes('*') || access === 'agent' || path.startsWith(paths.stream);
    if (isOutside || (path === paths.session && method === 'DELETE')) continue;
    const address = path.replaceAll(/:(id|host|name)/g, otherHost);
    if (method === 'GET') get(address);
    else asked[`${String(method)} ${path}`] = send(String(method), address, bodyFor(path));
  }
  const channels = ['metrics', 'processes', 'logs', 'state'];
  for (const path of [
    paths.stream,
    ...channels.map((channel) => `${paths.stream}/${channel}`),
    `${paths.stream}?channels=${channels.join(',')}&recent=900`,
    `${paths.stream}?level=trace&interval=100`,
    `${paths.stream}?hosts=${otherHost}`,
    `${paths.stream}?hosts=${ownHost},${otherHost}`,
    paths.poll,
  ])
    get(path);

  const now = Date.now();
  for (const query of [
    `${paths.logSearch}?filter=${OTHER}`,
    `${paths.logSearch}?buckets=50&limit=5000&order=oldest`,
    `${paths.logSearch}?hosts=${otherHost}&buckets=50`,
    `${paths.logSearch}?after=${othersLines[0]}`,
    `${paths.logSearch}?before=${othersLines.at(-1)}`,
    `${paths.logContext}?line=${othersLines.at(-1)}`,
    `${paths.logContext}?host=${otherHost}&time=${now}`,
    `${paths.logContext}?host=${ownHost}&time=${now}&before=500&after=500`,
  ])
    get(query);

  // Cursors that were never theirs: of the first event, of one in the middle, and of the newest.
  for (const at of [0, Math.floor(ownersCursors.length / 2), ownersCursors.length - 1]) {
    const cursor = ownersCursors[at]!;
    get(paths.stream, { 'Last-Event-ID': cursor });
    get(`${paths.stream}?lastEventId=${cursor}&hosts=${otherHost}`);
    get(`${paths.poll}?cursor=${cursor}`);
    get(`${paths.poll}?cursor=${cursor}&hosts=${otherHost},${ownHost}`);
  }

  const ticket = await send('POST', paths.tickets, {});
  const { path } = (await ticket.json()) as { path?: string };
  if (path !== undefined)
    asked['stream by ticket'] = fetch(`${hub.origin}${path}&hosts=${otherHost},${ownHost}`);
  return readAll(asked);
}

function bodyFor(path: string): unknown {
  if (path === paths.pointers) return { time: Date.now(), host: ownHost };
  if (path === paths.presence) return { name: 'Mallory', screen: '/host/x' };
  if (path === paths.notes) return { text: 'x', hosts: [ownHost] };
  if (path === paths.hosts) return { name: 'taken' };
  return {};
}

/** By door: what of the marks got out there. That what a caller sent itself is named in its refusal tells it nothing. */
function leaks(seen: { door: string; text: string }[], marks: readonly string[]): string[] {
  return seen.flatMap(({ door, text }) => {
    const told = text.replaceAll(/No host \\"[\w-]+\\" is shown here/g, '');
    const found = marks.filter((mark) => told.includes(mark));
    return found.length === 0 ? [] : [`${door}: ${found.join(', ')} in ...${around(told, found[0]!)}...`];
  });
}

function around(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return text.slice(Math.max(0, at - 60), at + 40);
}

describe('a share of one host shows nothing of the other', () => {
  it.each([
    ['as a page', 'cookie'],
    ['as a tool', 'bearer'],
  ])('%s', async (_what, way) => {
    const { link, token } = await makeShare(hub, { scope: { hosts: [ownHost], since: 0 } });
    const headers = way === 'bearer' ? bearer(token) : (await enterShare(hub, link)).headers;
    const seen = await walk(headers);
    expect(leaks(seen, [OTHER])).toEqual([]);
    // The walk sees what it may, or it would prove nothing.
    for (const kind of ['disk-', 'run-', '/var/log/', 'line ', '/mnt/', 'core ', 'note of ', 'group '])
      expect([kind, seen.some(({ text }) => text.includes(kind + OWN))]).toEqual([kind, true]);
  });

  it('nor, with names hidden, what its own host is called', async () => {
    const { token } = await makeShare(hub, { scope: { hosts: [ownHost], hidesNames: true, since: 0 } });
    const seen = await walk(bearer(token));
    expect(leaks(seen, [OTHER])).toEqual([]);
    // Its texts keep their own words; its name, id, group and tags are gone from all of them.
    expect(leaks(seen, [ownHost, `group ${OWN}`, `tag ${OWN}`])).toEqual([]);
    expect(seen.some(({ text }) => text.includes('host-'))).toBe(true);
  });

  it('nor what its channels leave out', async () => {
    const { token } = await makeShare(hub, { scope: { hosts: [ownHost], channels: ['metrics'], since: 0 } });
    const seen = await walk(bearer(token));
    expect(leaks(seen, [OTHER, 'line ', 'run-', 'user-', '/var/log/', 'key-'])).toEqual([]);
    expect(seen.some(({ text }) => text.includes(`disk-${OWN}`))).toBe(true);
  });
});

it('the owner sees all of it by the same walk', async () => {
  const text = await readOn(fetch(`${hub.origin}${paths.stream}`, { headers: bearer(hub.ownerToken) }));
  for (const kind of ['disk-', 'run-', '/var/log/', 'line ', '/mnt/', 'core ', 'note of ', 'group '])
    expect([kind, text.includes(kind + OTHER)]).toEqual([kind, true]);
});

it('a search is no oracle: neither what another host wrote nor what is redacted is found, counted or told apart from what is not there', async () => {
  const secret = 'hunter2-of-the-database';
  for (const host of [ownHost, otherHost])
    hub.sink.observe({
      name: 'log',
      data: logLineOf(host, 0, { time: Date.now(), text: `password=${secret} on ${host}` }),
    });
  const { token } = await makeShare(hub, { scope: { hosts: [ownHost], since: 0 } });
  const ended = async (headers: Record<string, string>, filter: string) => {
    const records = await search(headers, `filter=${encodeURIComponent(filter)}&buckets=20`);
    const { matched, histogram } = records.find(({ kind }) => kind === 'end') as SearchRecordOf<'end'>;
    return { lines: records.filter(({ kind }) => kind === 'line').length, matched, histogram };
  };
  const nothing = await ended(bearer(token), 'a-word-that-nobody-wrote');
  expect(nothing).toMatchObject({ lines: 0, matched: 0 });
  for (const filter of [
    OTHER,
    `host:${otherHost}`,
    `host:srv-b*`,
    secret,
    'hunter2*',
    `"${secret.slice(0, 9)}"`,
    `-${OWN} -password`,
  ])
    expect([filter, await ended(bearer(token), filter)]).toEqual([filter, nothing]);
  // The owner finds all of it.
  expect((await ended(bearer(hub.ownerToken), secret)).matched).toBe(2);
});

it('the key of one door opens no other', async () => {
  const [one, two] = [await makeShare(hub, { scope: { hosts: [ownHost] } }), await makeShare(hub)];
  const guest = await enterShare(hub, one.link);
  const guestSecret = guest.headers['cookie']!.split('=')[1]!;
  const ownerSecret = (await logIn(hub)).split('=')[1]!;
  const secretOf = (link: string) => link.split('#')[1]!;
  const operator = await makeToken(hub, ['read']);
  const ticket = async () =>
    ((await (await askAsOwner(hub, 'POST', paths.tickets)).json()) as { ticket: string }).ticket;
  const sessionName = `watchline_session_${hub.port}`;
  const shareName = (id: string) => `watchline_share_${id}_${hub.port}`;
  const onDisk = (file: string) => readFile(path.join(hub.dataDir, file), 'utf8');
  const hashes = [
    ...(await onDisk('tokens.json')).matchAll(/[0-9a-f]{64}/g),
    ...(await onDisk('sessions.json')).matchAll(/[0-9a-f]{64}/g),
    ...(await onDisk('shares.json')).matchAll(/[0-9a-f]{64}/g),
  ].map(([hash]) => hash);
  expect(hashes.length).toBeGreaterThanOrEqual(3);

  const forgeries: Record<string, Record<string, string>> = {
    "a viewer's session as the owner's": { cookie: `${sessionName}=${guestSecret}` },
    "the owner's session as a viewer's": {
      cookie: `${shareName(one.share.id)}=${ownerSecret}`,
      [shareHeader]: one.share.id,
    },
    "one share's session as another's": {
      cookie: `${shareName(two.share.id)}=${guestSecret}`,
      [shareHeader]: two.share.id,
    },
    "one share's cookie with another's name in the header": {
      cookie: guest.headers['cookie']!,
      [shareHeader]: two.share.id,
    },
    'a share that is none': { cookie: guest.headers['cookie']!, [shareHeader]: 'aaaaaaaaaaaa' },
    "one share's secret with another's id": bearer(`wls_${two.share.id}_${secretOf(one.link)}`),
    "a share's secret by itself": bearer(secretOf(one.link)),
    'a session as a token': bearer(guestSecret),
    "the owner's session as a token": bearer(ownerSecret),
    'a launch ticket as a token': bearer(hub.launchUrl().split('=')[1]!),
    'a stream ticket as a token': bearer(await ticket()),
    'a token as a session': { cookie: `${sessionName}=${operator.token}` },
    "the owner's token as a session": { cookie: `${sessionName}=${hub.ownerToken}` },
    'the name of a token': bearer(operator.entry.id),
    'a prototype': { cookie: `__proto__=x; ${sessionName}=constructor`, [shareHeader]: '__proto__' },
    ...Object.fromEntries(hashes.map((hash, at) => [`hash ${at} of the disk as a token`, bearer(hash)])),
    ...Object.fromEntries(
      hashes.map((hash, at) => [`hash ${at} of the disk as a session`, { cookie: `${sessionName}=${hash}` }]),
    ),
  };
  for (const [what, headers] of Object.entries(forgeries)) {
    const response = await fetch(hub.origin + paths.hosts, { headers });
    expect([what, response.status]).toEqual([what, 401]);
    expect(await response.text()).not.toContain(OWN);
  }
  for (const door of [paths.hosts, paths.poll, paths.metrics, paths.session])
    expect([door, (await fetch(`${hub.origin}${door}?ticket=${await ticket()}`)).status]).toEqual([
      door,
      401,
    ]);
  expect((await fetch(`${hub.origin}${paths.stream}?ticket=${hub.ownerToken}`)).status).toBe(401);
});
