/** The history over HTTP: what was measured is told back at once, by who may see it, and after a restart. */
import { utimes } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tapesIn } from '../../hub/archive/archive-folder.ts';
import { historyChanges, pastProcesses } from '../../shared/schema/history.ts';
import { problem } from '../../shared/snapshot.ts';
import { askAsOwner } from '../support/agent-client.ts';
import { bearer } from '../support/callers.ts';
import { readHistory, type HistoryTold } from '../support/history-answers.ts';
import { observedHost, processesOf, sampleOf } from '../support/observations.ts';
import { makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const SECONDS = 300;

/** Five minutes of two hosts: their busy share counts up. In the middle nothing came for a minute. Answers the time of the newest sample. */
function observeSome(hub: TestHub, agoMs = 0): number {
  const to = Math.floor((Date.now() - agoMs) / 1_000) * 1_000;
  for (const host of ['web-1', 'db-1']) {
    hub.sink.describe(observedHost(host));
    hub.sink.observe({
      name: 'gap',
      data: { host, channel: 'metrics', reason: 'asleep', from: to - 200_000, to: to - 140_000, count: null },
    });
    for (let second = 0; second < SECONDS; second++) {
      const time = to - (SECONDS - 1 - second) * 1_000;
      if (time > to - 200_000 && time < to - 140_000) continue;
      hub.sink.observe({ name: 'sample', data: sampleOf(host, second, { time }) });
      if (second % 10 === 0)
        hub.sink.observe({ name: 'processes', data: { ...processesOf(host, second), time } });
    }
  }
  return to;
}

/** One for all tests that leave it as it is. It compresses for readers of this machine as well. */
let watched: { hub: TestHub; to: number };
beforeAll(async () => {
  const hub = await startTestHub({ compression: 'on' });
  watched = { hub, to: observeSome(hub) };
});
afterAll(() => watched.hub[Symbol.asyncDispose]());

const ask = async (hub: TestHub, query: Record<string, string | number>, token = hub.ownerToken) =>
  readHistory(await get(hub, '/api/v1/history', query, token));

function get(
  hub: TestHub,
  path: string,
  query: Record<string, string | number>,
  token = hub.ownerToken,
): Promise<Response> {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return fetch(`${hub.origin}${path}?${parameters}`, { headers: bearer(token) });
}

async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, problem.parse(await response.json()).error.code];
}

const hostsIn = ({ columns }: HistoryTold) => [...new Set(columns.map(({ host }) => host))];

test('what was observed before a question is in its answer, second by second, and its gaps have their reasons', async () => {
  const { hub, to } = watched;
  const query = {
    hosts: 'web-1',
    series: 'cpu.user,core.*.busy,memory.used',
    from: to - 299_000,
    to: to + 1_000,
  };
  const { begin, columns, gaps, last } = await ask(hub, { ...query, points: 300 });
  expect(begin).toMatchObject({ stepMs: 1_000, tierMs: 1_000, trouble: null });
  expect(begin.hosts).toMatchObject([{ host: 'web-1', intervalMs: 1_000 }]);
  expect(columns.map(({ series }) => series)).toEqual([
    'cpu.user',
    'core.0.busy',
    'core.1.busy',
    'memory.used',
  ]);
  const [user] = columns;
  expect(user).toMatchObject({ host: 'web-1', start: to - 299_000 });
  expect(user!.mean).toHaveLength(300);
  expect(user!.mean!.slice(0, 3)).toEqual([0, 1, 2]);
  expect(user!.mean!.at(-1)).toBe(99);
  expect(user!.mean!.slice(100, 158)).toEqual(Array(58).fill(null));
  expect(gaps).toMatchObject([{ gaps: [{ from: to - 199_000, to: to - 140_000, reason: 'asleep' }] }]);
  expect(last).toMatchObject({ kind: 'end', reason: 'complete' });

  // Of 5 s there are 60 or 61, as they lie.
  const coarse = await ask(hub, { ...query, points: 59 });
  expect(coarse.begin.stepMs).toBe(6_000);
  const [column] = coarse.columns;
  expect(column!.max!.length).toBeLessThanOrEqual(59);
  expect(Math.max(...column!.max!.map((value) => value ?? 0))).toBe(99);
  // A sample that comes while somebody looks is in the next answer, whichever part of the history holds it.
  hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 77, { time: to + 1_000 }) });
  const next = await ask(hub, { ...query, to: to + 2_000, points: 400 });
  expect(next.columns[0]!.mean!.at(-1)).toBe(77);
});

test('all hosts are told where none is named; one that is not known has nothing', async () => {
  const { hub, to } = watched;
  const told = await ask(hub, { series: 'cpu.user', from: to - 60_000, to });
  expect(hostsIn(told)).toEqual(['web-1', 'db-1']);
  expect(told.gaps.map(({ host }) => host)).toEqual(['web-1', 'db-1']);
  const unknown = await ask(hub, { hosts: 'nobody', series: 'cpu.user' });
  expect(unknown.columns).toEqual([]);
  expect(unknown.begin.hosts).toMatchObject([{ host: 'nobody', keptSince: null }]);
});

test('what was running and what changed in a window, beside the time before it', async () => {
  const { hub, to } = watched;
  const window = { host: 'web-1', from: to - 60_000, to };
  const processes = await get(hub, '/api/v1/history/processes', window);
  const running = pastProcesses.parse(await processes.json());
  expect(running).toMatchObject({
    tables: { now: 6, before: 6 },
    rows: [{ name: 'init', now: { presence: 1 } }],
  });
  const changes = await get(hub, '/api/v1/history/changes', window);
  const changed = historyChanges.parse(await changes.json());
  expect(changed).toMatchObject({ host: 'web-1', before: { from: to - 120_000, to: to - 60_000 } });
  expect(changed.compared).toBeGreaterThan(40);
  for (const path of ['processes', 'changes']) {
    const unknown = await get(hub, `/api/v1/history/${path}`, { ...window, host: 'nobody' });
    expect(await codeOf(unknown)).toEqual([404, 'unknown-host']);
  }
});

test('history, gaps and their reasons outlive the hub; the time between is told as such', async () => {
  await using folder = await makeTempFolder();
  const dataDir = folder.path;
  const first = await startTestHub({ dataDir });
  const to = observeSome(first, 120_000);
  const query = { hosts: 'web-1', series: 'cpu.user', from: to - 299_000, to: to + 1_000, points: 300 };
  const before = await ask(first, query);
  await first[Symbol.asyncDispose]();
  // As if it had been killed then: it signed that it lived up to 15 s before, and wrote samples until the end.
  await utimes(path.join(dataDir, 'chronicle.ndjson'), to / 1_000 - 12, to / 1_000 - 12);
  const tapes = tapesIn(path.join(dataDir, 'history'));
  expect(tapes.length).toBeGreaterThan(0);
  for (const { path: tape } of tapes) await utimes(tape, to / 1_000, to / 1_000);
  await using second = await startTestHub({ dataDir });
  const after = await ask(second, query);
  expect(after.columns).toEqual(before.columns);
  expect(after.gaps[0]!.gaps).toEqual(before.gaps[0]!.gaps);
  second.sink.describe(observedHost('web-1'));
  second.sink.observe({ name: 'sample', data: sampleOf('web-1', 5, { time: Date.now() }) });
  const { gaps, marks } = (await ask(second, { ...query, to: Date.now(), points: 900 })).gaps[0]!;
  expect(gaps.map(({ reason }) => reason)).toEqual(['asleep', 'hub-stopped']);
  expect(marks.filter(({ what }) => what === 'hub-stopped')).toEqual([{ what: 'hub-stopped', time: to }]);
  // The machine is the same, and so is how it is: that is told once.
  expect(marks.filter(({ what }) => what === 'status')).toHaveLength(1);
});

test('what is asked wrongly is refused with what it may be', async () => {
  const { hub } = watched;
  const many = Array.from({ length: 65 }, (_, at) => `h${at}`).join(',');
  const wrong: Record<string, string | number>[] = [
    {},
    { series: '' },
    { series: 'a', points: 0 },
    { series: 'a', points: 10_001 },
    { series: 'a', from: 5, to: 5 },
    { series: 'a', from: 'today' },
    { series: 'a', fields: 'mean,median' },
    { series: many },
    { series: 'a', hosts: many },
    { series: 'a', hosts: 'a/b' },
    { series: 'a', what: 1 },
  ];
  for (const query of wrong)
    expect([query, await codeOf(await get(hub, '/api/v1/history', query))]).toEqual([
      query,
      [400, 'bad-parameter'],
    ]);
  for (const path of ['processes', 'changes'])
    for (const query of [{}, { host: 'a/b' }, { host: 'a', limit: 0 }, { host: 'a', limit: 201 }])
      expect(await codeOf(await get(hub, `/api/v1/history/${path}`, query))).toEqual([400, 'bad-parameter']);
});

test('viewers see the past of their share: its hosts, its channels, from its beginning, under its names', async () => {
  const { hub, to } = watched;
  const window = { from: to - 299_000, to };
  const query = { series: 'cpu.user', points: 300, ...window };
  const since = to - 100_000;
  const one = await makeShare(hub, { scope: { hosts: ['web-1'], since } });
  const told = await ask(hub, query, one.token);
  expect(hostsIn(told)).toEqual(['web-1']);
  expect(told.columns[0]!.start).toBe(since);
  expect(told.gaps[0]!.gaps).toEqual([{ from: window.from, to: since, reason: 'not-shared' }]);
  expect(JSON.stringify(told.records)).not.toContain('db-1');
  expect((await ask(hub, { ...query, hosts: 'db-1' }, one.token)).begin.hosts).toEqual([]);
  for (const path of ['processes', 'changes']) {
    const foreign = await get(hub, `/api/v1/history/${path}`, { host: 'db-1', ...window }, one.token);
    expect(await codeOf(foreign)).toEqual([404, 'unknown-host']);
  }

  const veiled = await makeShare(hub, { scope: { since: 0, hidesNames: true } });
  const hidden = await ask(hub, query, veiled.token);
  expect(hidden.columns).toHaveLength(2);
  expect(JSON.stringify(hidden.records)).not.toMatch(/web-1|db-1/);
  const [shown] = hostsIn(hidden) as [string];
  expect(hostsIn(await ask(hub, { ...query, hosts: shown }, veiled.token))).toEqual([shown]);
  const table = await get(hub, '/api/v1/history/processes', { host: shown, ...window }, veiled.token);
  expect(pastProcesses.parse(await table.json())).toMatchObject({ host: shown, rows: [{ name: 'init' }] });

  const live = await makeShare(hub, { scope: { since: 'live' } });
  const nothing = await ask(hub, query, live.token);
  expect(nothing.columns).toEqual([]);
  expect(nothing.gaps[0]!.gaps).toEqual([{ ...window, reason: 'not-shared' }]);
  const logs = await makeShare(hub, { scope: { since: 0, channels: ['logs'] } });
  expect(await codeOf(await get(hub, '/api/v1/history', query, logs.token))).toEqual([403, 'not-shared']);
  const metrics = await makeShare(hub, { scope: { since: 0, channels: ['metrics'] } });
  const refused = await get(hub, '/api/v1/history/processes', { host: 'web-1' }, metrics.token);
  expect(await codeOf(refused)).toEqual([403, 'not-shared']);
});

test('an answer of a share that is revoked ends', async () => {
  await using hub = await startTestHub();
  hub.sink.describe(observedHost('web-1'));
  const to = Math.floor(Date.now() / 1_000) * 1_000;
  const { cpu } = sampleOf('web-1');
  for (const time of [to - 9_000_000, to])
    hub.sink.observe({
      name: 'sample',
      data: sampleOf('web-1', 0, { time, cpu: { ...cpu, cores: Array<number>(100).fill(5) } }),
    });
  const share = await makeShare(hub, { scope: { since: 0 } });
  // Ten megabytes, and the reader takes nothing yet: the hub waits in the middle of it.
  const query = { series: '*', fields: 'mean,count', points: 10_000, from: to - 9_000_000, to: to + 1_000 };
  const response = await get(hub, '/api/v1/history', query, share.token);
  expect((await askAsOwner(hub, 'DELETE', `/api/v1/shares/${share.share.id}`)).ok).toBe(true);
  const last = (await response.text()).trimEnd().split('\n').at(-1)!;
  expect(JSON.parse(last)).toMatchObject({ kind: 'problem', error: { code: 'revoked' } });
});

test('answers are compressed for readers that take it', async () => {
  const { hub, to } = watched;
  const parameters = `series=*&points=300&from=${to - 299_000}&to=${to}`;
  const askFor = (encoding: string) =>
    hub.get(`/api/v1/history?${parameters}`, { 'Accept-Encoding': encoding });
  const plain = await askFor('identity');
  const packed = await askFor('gzip');
  expect([plain, packed].map(({ headers }) => headers.get('content-encoding'))).toEqual([null, 'gzip']);
  const withoutClock = ({ columns, gaps }: HistoryTold) => ({ columns, gaps });
  expect(withoutClock(await readHistory(packed))).toEqual(withoutClock(await readHistory(plain)));
});

test('a hub that keeps no history says so', async () => {
  await using hub = await startTestHub({ historyBytes: 0 });
  expect(await codeOf(await get(hub, '/api/v1/history', { series: 'cpu.user' }))).toEqual([
    404,
    'history-off',
  ]);
});
