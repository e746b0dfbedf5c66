/** Filesystems and sensors in the history: asked for like any series, under the names that the reader knows them by. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { historyChanges } from '../../shared/schema/history.ts';
import { hostsAnswer, type HostSnapshot } from '../../shared/snapshot.ts';
import { eachFilesystemSeries, eachSensorSeries } from '../../shared/slow-series.ts';
import { bearer } from '../support/callers.ts';
import { readHistory } from '../support/history-answers.ts';
import { filesystemsOf, observedHost, sampleOf, sensorsOf } from '../support/observations.ts';
import { makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';

const SECONDS = 120;
const to = Math.floor(Date.now() / 1_000) * 1_000;
const from = to - SECONDS * 1_000;
const GiB = 2 ** 30;
const [root] = filesystemsOf().mounts;
const names = ['/', '/mnt/my disk, old', '/mnt/web-1/token=hunter2', '/mnt/web-1/token=hunter3', '/größe'];

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
  hub.sink.describe(observedHost('web-1'));
  for (let second = 0; second < SECONDS; second++) {
    const time = from + second * 1_000;
    if (second % 10 === 0) {
      const usedBytes = second < 60 ? 100 * GiB : (100 + second) * GiB;
      const mounts = names.map((mount) => ({ ...root!, mount, usedBytes }));
      hub.sink.observe({ name: 'filesystems', data: { host: 'web-1', time, mounts } });
      const [temperature] = sensorsOf().temperatures;
      const temperatures = ['Package', 'Package', 'web-1 board'].map((label) => ({ ...temperature!, label }));
      hub.sink.observe({ name: 'sensors', data: { ...sensorsOf(), time, temperatures } });
    }
    hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 0, { time }) });
  }
});
afterAll(() => hub[Symbol.asyncDispose]());

function get(path: string, token: string): Promise<Response> {
  return fetch(hub.origin + path, { headers: bearer(token) });
}

async function ask(series: string, token = hub.ownerToken) {
  const query = new URLSearchParams({ series, from: String(from), to: String(to), points: '120' });
  return readHistory(await get(`/api/v1/history?${query}`, token));
}

/** The keys that the reader's own snapshot has. */
async function liveKeys(token: string): Promise<string[]> {
  const answer = hostsAnswer.parse(await (await get('/api/v1/hosts', token)).json());
  const [{ filesystems, sensors }] = answer.hosts as [HostSnapshot];
  const keys: string[] = [];
  eachFilesystemSeries(filesystems!, (key) => keys.push(key));
  eachSensorSeries(sensors!, (key) => keys.push(key));
  return keys;
}

test('they are answered second by second, by key and by pattern', async () => {
  const { columns } = await ask('filesystem./.used,temperature.*');
  expect(columns.map(({ series }) => series)).toEqual([
    'filesystem./.used',
    'temperature.Package.celsius',
    'temperature.Package@:2.celsius',
    'temperature.web-1@20board.celsius',
  ]);
  const [used] = columns;
  expect(used).toMatchObject({ start: from });
  expect(used!.mean).toHaveLength(SECONDS);
  expect([0, 59, 60, 69, 70, 119].map((second) => used!.mean![second]! / GiB)).toEqual([
    100, 100, 160, 160, 170, 210,
  ]);
  // Whatever a mount is called, its own key asks for it.
  const [all, one] = [await ask('filesystem.*.used'), await liveKeys(hub.ownerToken)];
  expect(all.columns.map(({ series }) => series)).toEqual(one.filter((key) => key.endsWith('.used')));
  for (const { series, mean } of all.columns)
    expect((await ask(series)).columns).toMatchObject([{ series, mean }]);
});

test('a disk that filled is named among what changed', async () => {
  const query = new URLSearchParams({ host: 'web-1', from: String(from + 60_000), to: String(to) });
  const response = await get(`/api/v1/history/changes?${query}`, hub.ownerToken);
  const { changes } = historyChanges.parse(await response.json());
  expect(changes.map(({ series }) => series)).toContain('filesystem./größe.used'.replace(/[öß]/g, bytes));
  expect(changes[0]!.words).toMatch(/^Space used on \/ rose from 100 GiB to 1\d\d GiB, /);
  expect(changes.some(({ words }) => words.startsWith('Space used on /größe rose'))).toBe(true);
  expect(changes.filter(({ series }) => series.endsWith('.available'))).toEqual([]);
});

test.each([
  ['names', { hidesNames: true }],
  ['secrets', { redact: { secrets: true, emails: false, addresses: false } }],
  ['nothing', { redact: { secrets: false, emails: false, addresses: false } }],
])('a share that hides %s shows them under the names of its live events', async (what, scope) => {
  const { token } = await makeShare(hub, { scope: { since: 0, ...scope } });
  const live = await liveKeys(token);
  const { columns, records } = await ask('filesystem.*,temperature.*,fan.*', token);
  expect(columns.map(({ series }) => series).sort()).toEqual(live.sort());
  const told = JSON.stringify(records);
  expect(told.includes('web-1')).toBe(what !== 'names');
  expect(told.includes('hunter')).toBe(what === 'nothing');
  const [shown] = live.filter((key) => key.startsWith('filesystem./mnt/') && key.endsWith('.used'));
  expect((await ask(shown!, token)).columns.map(({ series }) => series)).toEqual([shown]);
  // Under the names that are hidden there is nothing.
  const real = 'temperature.web-1@20board.celsius';
  expect((await ask(real, token)).columns).toHaveLength(what === 'names' ? 0 : 1);
});

function bytes(character: string): string {
  return encodeURIComponent(character).replaceAll('%', '@');
}
