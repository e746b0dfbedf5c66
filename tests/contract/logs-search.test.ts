/** The log archive over HTTP: what is found, in which order, where it goes on, and who may see it. */
import { expect, test } from 'vitest';
import type { HubOptions } from '../../hub/start-hub.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import {
  contextAnswer,
  searchRecord,
  type SearchRecord,
  type SearchRecordOf,
} from '../../shared/schema/log-search.ts';
import { hubNumbers } from '../../shared/hub-numbers.ts';
import { problem } from '../../shared/snapshot.ts';
import { askAsOwner } from '../support/agent-client.ts';
import { bearer } from '../support/callers.ts';
import { startIngestHub } from '../support/ingest-hub.ts';
import { logLineOf, observedHost, sampleOf } from '../support/observations.ts';
import { makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** More than fit on a tape: some of them are moved into a volume. */
const MANY = 12_000;

function lineOf(host: string, index: number, changes: Partial<LogLine> = {}): LogLine {
  return logLineOf(host, index, {
    time: Date.now(),
    text: `line ${index} of ${host}, quite an ordinary one`,
    ...changes,
  });
}

async function hubWith(
  count: number,
  changes: (index: number) => Partial<LogLine> = () => ({}),
  options: Partial<HubOptions> = {},
): Promise<TestHub> {
  const hub = await startTestHub(options);
  for (const host of ['web-1', 'db-1']) hub.sink.describe(observedHost(host));
  for (let index = 0; index < count; index++) {
    const host = index % 2 === 0 ? 'web-1' : 'db-1';
    hub.sink.observe({ name: 'log', data: lineOf(host, index, changes(index)) });
  }
  return hub;
}

/** As the owner, unless the headers say who asks. */
function get(hub: TestHub, path: string, headers: Record<string, string>): Promise<Response> {
  const asOwner = Object.keys(headers).length === 0;
  return fetch(hub.origin + path, { headers: asOwner ? bearer(hub.ownerToken) : headers });
}

interface Answer {
  records: SearchRecord[];
  lines: SearchRecordOf<'line'>[];
  end: SearchRecordOf<'end'>;
}

async function search(hub: TestHub, query: Record<string, string | number>, headers = {}): Promise<Answer> {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const response = await get(hub, `/api/v1/logs/search?${parameters}`, headers);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  const records = text
    .trimEnd()
    .split('\n')
    .map((line) => searchRecord.parse(JSON.parse(line)));
  return {
    records,
    lines: records.filter((record) => record.kind === 'line'),
    end: records.at(-1) as SearchRecordOf<'end'>,
  };
}

async function codeOf(hub: TestHub, path: string, headers = {}): Promise<[number, string]> {
  const response = await get(hub, path, headers);
  return [response.status, problem.parse(await response.json()).error.code];
}

const textsOf = ({ lines }: Answer) => lines.map(({ line }) => line.text.split(',')[0]);

test('search: orders, pages, hosts, times, histogram and the space between two events of a stream', async () => {
  await using hub = await hubWith(MANY, (index) => ({ level: index % 100 === 0 ? 'error' : 'info' }));
  await until('some lines are in a volume', async () => {
    const { archive } = hubNumbers.parse(await (await hub.get('/api/v1/hub')).json());
    return archive!.bytes > 0 && (await search(hub, { limit: 0 })).end.matched === MANY;
  });
  const newest = await search(hub, { limit: 3 });
  expect(textsOf(newest)).toEqual(['line 11999 of db-1', 'line 11998 of web-1', 'line 11997 of db-1']);
  expect(newest.end).toMatchObject({ reason: 'limit', lastId: newest.lines.at(-1)!.id });
  expect(textsOf(await search(hub, { limit: 2, before: newest.end.lastId! }))).toEqual([
    'line 11996 of web-1',
    'line 11995 of db-1',
  ]);
  const oldest = await search(hub, { limit: 2, order: 'oldest', hosts: 'db-1' });
  expect(textsOf(oldest)).toEqual(['line 1 of db-1', 'line 3 of db-1']);
  expect(
    textsOf(await search(hub, { limit: 1, order: 'oldest', hosts: 'db-1', after: oldest.end.lastId! })),
  ).toEqual(['line 5 of db-1']);
  const errors = await search(hub, { filter: 'level>=error "of web-1"', buckets: 20, limit: 5 });
  expect(errors.end).toMatchObject({ matched: MANY / 100, reason: 'limit', searched: MANY, total: MANY });
  expect(errors.end.histogram!.error!.reduce((sum, count) => sum + count)).toBe(MANY / 100);
  const { time } = newest.lines[0]!.line;
  expect((await search(hub, { from: time + 1 })).end).toMatchObject({
    matched: 0,
    reason: 'complete',
    lastId: null,
  });
  expect((await search(hub, { filter: 'line 4711 ordinary' })).lines).toHaveLength(1);
  expect((await search(hub, { filter: 'host:db-1.example.net', limit: 0 })).end.matched).toBe(MANY / 2);

  // What lies between two events that a page received: the ids are the cursors of the stream.
  using stream = readStream({ ...hub, query: 'channels=logs' });
  await stream.until('ready');
  const sent = [0, 1, 2, 3, 4].map((index) => lineOf('web-1', 20_000 + index));
  for (const data of sent) hub.sink.observe({ name: 'log', data });
  const events = await Promise.all(sent.map(({ text }) => stream.until('log', (line) => line.text === text)));
  const between = await search(hub, { after: events[0]!.id, before: events[4]!.id, order: 'oldest' });
  expect(between.lines.map(({ id, line }) => [id, line])).toEqual(
    [1, 2, 3].map((index) => [events[index]!.id, sent[index]]),
  );

  const context = async (query: string) =>
    contextAnswer.parse(await (await hub.get(`/api/v1/logs/context?${query}`)).json());
  const around = await context(`line=${oldest.lines[1]!.id}&before=1&after=2`);
  expect(around.lines.map(({ line }) => line.text.split(',')[0])).toEqual(
    [1, 3, 5, 7].map((n) => `line ${n} of db-1`),
  );
  expect(around).toMatchObject({ at: 1, hasOlder: false, hasNewer: true });
  expect(await context(`host=web-1&time=${Date.now() + 1_000}&before=1`)).toMatchObject({
    lines: [{ line: sent[4] }],
    at: null,
    hasOlder: true,
  });
});

test('no line is missing while tapes are written and moved at the same time', async () => {
  await using hub = await hubWith(0);
  let sent = 0;
  for (let turn = 0; turn < 10; turn++) {
    for (let each = 0; each < 4_000; each++) hub.sink.observe({ name: 'log', data: lineOf('web-1', sent++) });
    expect((await search(hub, { limit: 0 })).end).toMatchObject({ matched: sent, total: sent });
  }
});

test('what is asked wrongly is refused with what it may be; a hub without an archive says so', async () => {
  await using hub = await hubWith(10);
  const path = '/api/v1/logs/search';
  expect(await codeOf(hub, `${path}?filter=%28`)).toEqual([400, 'bad-filter']);
  for (const query of [
    'limit=5001',
    'buckets=-1',
    'from=today',
    'order=up',
    'after=x',
    'what=1',
    'limit=1&limit=2',
    'hosts=a/b',
  ])
    expect([query, await codeOf(hub, `${path}?${query}`)]).toEqual([query, [400, 'bad-parameter']]);
  expect(await codeOf(hub, `${path}?before=abcdef0123-5`)).toEqual([404, 'unknown-line']);
  expect(await codeOf(hub, '/api/v1/logs/context?line=abcdef0123-5')).toEqual([404, 'unknown-line']);
  expect(await codeOf(hub, '/api/v1/logs/context?host=web-1')).toEqual([400, 'bad-parameter']);
  await using without = await startTestHub({ logArchiveBytes: 0 });
  expect(await codeOf(without, path)).toEqual([404, 'archive-off']);
});

test('lines outlive the hub, and keep their ids', async () => {
  await using folder = await makeTempFolder();
  const dataDir = folder.path;
  const first = await hubWith(20, () => ({}), { dataDir });
  const before = await search(first, { order: 'oldest' });
  await first[Symbol.asyncDispose]();
  await using second = await startTestHub({ dataDir });
  second.sink.describe(observedHost('web-1'));
  second.sink.observe({ name: 'log', data: lineOf('web-1', 20) });
  const after = await search(second, { order: 'oldest' });
  expect(after.lines.slice(0, 20)).toEqual(before.lines);
  expect(after.lines).toHaveLength(21);
});

test('a regular expression that never ends is given up, and the hub goes on', async () => {
  await using hub = await hubWith(20, () => ({ text: `${'a'.repeat(60)}!` }));
  const response = await hub.get(`/api/v1/logs/search?filter=${encodeURIComponent('/^(a+)+$/')}`);
  const records = (await response.text()).trimEnd().split('\n');
  expect(searchRecord.parse(JSON.parse(records.at(-1)!))).toMatchObject({
    kind: 'problem',
    error: { code: 'slow-pattern' },
  });
  expect((await search(hub, { filter: 'aaa' })).lines).toHaveLength(20);
});

test('a search ends when nobody waits for it, and there are three at a time', async () => {
  await using hub = await hubWith(20, () => ({ text: `${'a'.repeat(60)}!` }));
  const path = `/api/v1/logs/search?filter=${encodeURIComponent('/^(a+)+$/')}`;
  const leaving = new AbortController();
  const hanging = [1, 2, 3].map(() =>
    fetch(hub.origin + path, { headers: bearer(hub.ownerToken), signal: leaving.signal }),
  );
  for (const response of await Promise.all(hanging)) expect(response.status).toBe(200);
  expect(await codeOf(hub, '/api/v1/logs/search')).toEqual([429, 'searches-busy']);
  leaving.abort();
  await until('there is room again', async () => (await hub.get('/api/v1/logs/search')).status === 200);
});

test('viewers search what they see: hosts, the filter of the share, and texts as they are shown', async () => {
  await using hub = await hubWith(40, (index) => ({
    text: index % 4 === 0 ? `line ${index} password=hunter${index}` : `line ${index} on web-1`,
    fields: { token: `t${index}` },
  }));
  const scope = { hosts: ['web-1'], since: Date.now() - 60_000, logFilter: '-"line 8 "' };
  const share = await makeShare(hub, { scope });
  const ask = (query: Record<string, string | number>) => search(hub, query, bearer(share.token));
  const all = await ask({ order: 'oldest', buckets: 3 });
  expect(all.lines.map(({ line }) => line.host)).toEqual(Array(19).fill('web-1'));
  expect(all.end).toMatchObject({ matched: 19, total: 100 });
  expect(JSON.stringify(all.records)).not.toMatch(/hunter|"t\d|db-1|line 8 /);
  // What is hidden cannot be found by guessing it, either.
  for (const filter of ['hunter4', 'password=hunter4', 'token=t4', '/hunter/', '"line 8 "', 'host:db'])
    expect([filter, (await ask({ filter })).end.matched]).toEqual([filter, 0]);
  expect((await ask({ filter: '/line 4 /' })).end.matched).toBe(1);
  expect((await ask({ hosts: 'db-1' })).end.matched).toBe(0);
  const [foreign] = (await search(hub, { hosts: 'db-1', limit: 1 })).lines;
  const context = `/api/v1/logs/context?line=${foreign!.id}`;
  expect(await codeOf(hub, context, bearer(share.token))).toEqual([404, 'unknown-line']);
  expect((await hub.get(context)).status).toBe(200);

  const veiled = await makeShare(hub, { scope: { ...scope, hidesNames: true } });
  const hidden = await search(hub, { order: 'oldest' }, bearer(veiled.token));
  expect(hidden.lines).toHaveLength(19);
  expect(JSON.stringify(hidden.records)).not.toContain('web-1');
  const [{ line }] = hidden.lines as [SearchRecordOf<'line'>];
  expect(
    (await search(hub, { hosts: line.host, filter: `host:${line.host}` }, bearer(veiled.token))).lines,
  ).toHaveLength(19);
  const live = await makeShare(hub, { scope: { since: 'live', channels: ['metrics'] } });
  expect(await codeOf(hub, '/api/v1/logs/search', bearer(live.token))).toEqual([403, 'not-shared']);
});

test('a share that is live only has no lines from before it was made, by a search or around a line', async () => {
  await using hub = await hubWith(20, (index) => ({ text: `before ${index}` }));
  const { token } = await makeShare(hub, { scope: { since: 'live' } });
  hub.sink.observe({ name: 'log', data: logLineOf('web-1', 1, { time: Date.now(), text: 'since then' }) });
  const found = await search(hub, {}, bearer(token));
  expect(found.lines.map(({ line }) => line.text)).toEqual(['since then']);
  const [{ id }] = found.lines as [SearchRecordOf<'line'>];
  const around = await get(hub, `/api/v1/logs/context?line=${id}&before=20`, bearer(token));
  expect(await around.text()).not.toContain('before');
});

test('a search of a share that is revoked ends', async () => {
  await using hub = await hubWith(20, () => ({ text: `${'a'.repeat(60)}!` }));
  const share = await makeShare(hub, { scope: { since: Date.now() - 60_000 } });
  const path = `/api/v1/logs/search?filter=${encodeURIComponent('/^(a+)+$/')}`;
  const response = await get(hub, path, bearer(share.token));
  expect((await askAsOwner(hub, 'DELETE', `/api/v1/shares/${share.share.id}`)).ok).toBe(true);
  const last = (await response.text()).trimEnd().split('\n').at(-1)!;
  expect(JSON.parse(last)).toMatchObject({ kind: 'problem', error: { code: 'revoked' } });
});

test('lines that an agent brings late are kept at their own times, also those too late for any page', async () => {
  await using world = await startIngestHub();
  const { agent, hub } = world;
  const now = Date.now();
  const ages = { 'long ago': 9 * 3_600_000, lately: 300_000 };
  const late = Object.entries(ages).map(([text, age]) => logLineOf('web-1', 1, { time: now - age, text }));
  const live = [
    agent.line('describe', observedHost()),
    agent.line('sample', sampleOf('web-1', 1, { time: now })),
  ];
  await agent.send([...live, agent.line('log', logLineOf('web-1', 2, { time: now, text: 'now' }))]);
  await agent.send(
    late.map((line) => agent.line('log', line)),
    { head: { kind: 'backfill' } },
  );
  for (const line of late) {
    // Its clock is corrected by how long the way here took: in the middle of a column there is room for that.
    const window = { from: line.time - 45_000, to: line.time + 75_000, buckets: 4 };
    const { lines, end } = await search(hub, window);
    const { time } = lines[0]!.line;
    expect(lines.map((found) => found.line)).toEqual([{ ...line, time, late: true }]);
    expect(end.histogram).toEqual({ [line.level ?? 'none']: [0, 1, 0, 0] });
    const around = await hub.get(`/api/v1/logs/context?line=${lines[0]!.id}`);
    expect(contextAnswer.parse(await around.json()).lines.map((each) => each.line.text)).toContain(line.text);
  }
  expect(textsOf(await search(hub, { filter: '-now', order: 'oldest' }))).toEqual(['long ago', 'lately']);
});
