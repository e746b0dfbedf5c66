/** Alerts over a real hub: told on the stream, kept over restarts, read back by time, acknowledged. */
import { appendFile, readFile, stat, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { MAX_ALERTS, pastAlerts, type PastAlerts } from '../../shared/schema/alerts.ts';
import { problem } from '../../shared/snapshot.ts';
import { alertOf } from '../support/alert-of.ts';
import { fillDisk } from '../support/filled-disk.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const MINUTE = 60_000;
const now = Date.now();

async function alertsOf(hub: TestHub, query = ''): Promise<PastAlerts> {
  return pastAlerts.parse(await (await hub.get(`/api/v1/alerts${query}`)).json());
}

function acknowledge(hub: TestHub, id: string): Promise<Response> {
  return fetch(`${hub.origin}/api/v1/alerts/${id}/acknowledge`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${hub.ownerToken}` },
  });
}

test('a full disk fires for who reads and for who comes later, and ends when there is room', async () => {
  const host = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [host] });
  using reader = readStream(hub);
  await reader.until('ready');
  fillDisk(host, 95, now - 5 * MINUTE);
  const { data: fired } = await reader.until('alert');
  expect(fired).toMatchObject({
    host: 'web-1',
    measure: 'disk',
    subject: '/',
    above: 90,
    peak: 95,
    endedAt: null,
  });
  using later = readStream(hub);
  await later.until('ready');
  expect(later.dataOf('alert')).toEqual([fired]);
  fillDisk(host, 40, now - 3 * MINUTE);
  const { data: ended } = await later.until('alert', ({ endedAt }) => endedAt !== null);
  expect(ended).toEqual({ ...fired, endedAt: now - 2 * MINUTE, ending: 'cleared' });
});

test('late samples are not judged: what they tell of is over', async () => {
  const host = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [host] });
  const { memory } = sampleOf();
  const full = { ...memory, usedBytes: memory.totalBytes };
  const late = Array.from({ length: 400 }, (_, index) =>
    sampleOf('web-1', 0, { time: now - 10 * MINUTE + index * 1_000, memory: full }),
  );
  (hub.sink as unknown as { backfill(host: string, samples: unknown[]): void }).backfill('web-1', late);
  fillDisk(host, 95, now - 5 * MINUTE);
  // The disk's alert is told after whatever the samples would have made.
  using reader = readStream(hub);
  await reader.until('ready');
  expect(reader.dataOf('alert').map(({ measure }) => measure)).toEqual(['disk']);
});

test('what fires goes on after a restart of the hub, as the same alert, and ends there', async () => {
  await using folder = await makeTempFolder();
  let id: string;
  {
    const host = new ScriptedObserver();
    await using hub = await startTestHub({ dataDir: folder.path, observers: [host] });
    using reader = readStream(hub);
    await reader.until('ready');
    fillDisk(host, 95, now - 10 * MINUTE);
    id = (await reader.until('alert')).data.id;
  }
  expect((await stat(path.join(folder.path, 'alerts.ndjson'))).mode & 0o777).toBe(0o600);
  const host = new ScriptedObserver();
  await using hub = await startTestHub({ dataDir: folder.path, observers: [host] });
  using reader = readStream(hub);
  await reader.until('ready');
  expect(reader.dataOf('alert').map((each) => each.id)).toEqual([id]);
  fillDisk(host, 95, now - 5 * MINUTE);
  fillDisk(host, 40, now - 2 * MINUTE);
  const { data: ended } = await reader.until('alert', ({ endedAt }) => endedAt !== null);
  expect(ended).toMatchObject({ id, endedAt: now - MINUTE });
  expect(reader.dataOf('alert')).toHaveLength(2);
});

test('a torn last line costs that telling alone', async () => {
  await using folder = await makeTempFolder();
  const file = path.join(folder.path, 'alerts.ndjson');
  const told = [
    alertOf('web-1', { id: 'fires0001', since: now - MINUTE, firedAt: now }),
    alertOf('web-1', {
      id: 'ended0001',
      since: now - MINUTE,
      firedAt: now + 1,
      endedAt: now,
      ending: 'cleared',
    }),
  ];
  const lines = told.map((alert) => JSON.stringify(alert));
  await appendFile(file, `${lines.join('\n')}\n${lines[0]!.slice(0, 50)}`);
  await using hub = await startTestHub({ dataDir: folder.path, observers: [new ScriptedObserver()] });
  expect((await alertsOf(hub)).alerts.map(({ id }) => id)).toEqual(['fires0001', 'ended0001']);
});

test.skipIf(!existsSync('/dev/full'))(
  'on a full disk of the hub it is told all the same, and the trouble once',
  async () => {
    await using folder = await makeTempFolder();
    // Every write to /dev/full fails with ENOSPC, as on a full disk.
    await symlink('/dev/full', path.join(folder.path, 'alerts.ndjson'));
    const host = new ScriptedObserver();
    await using hub = await startTestHub({ dataDir: folder.path, observers: [host] });
    using reader = readStream(hub);
    await reader.until('ready');
    fillDisk(host, 95, now - 5 * MINUTE);
    await reader.until('alert');
    await expect
      .poll(() => hub.troubles.map(({ message }) => message))
      .toEqual([expect.stringContaining('ENOSPC')]);
  },
);

test('those of a stretch of time are all that went on in it, whenever they fired', async () => {
  await using folder = await makeTempFolder();
  const old = now - 30 * 24 * 60 * MINUTE;
  const lines = [
    alertOf('web-1', { id: 'before001', since: old, firedAt: old, endedAt: old + MINUTE, ending: 'cleared' }),
    alertOf('web-1', { id: 'within001', since: old + 2 * MINUTE, firedAt: old + 3 * MINUTE }),
    alertOf('db-1', { id: 'other0001', since: old + 2 * MINUTE, firedAt: old + 4 * MINUTE }),
    // The newest of one id counts.
    alertOf('web-1', {
      id: 'within001',
      since: old + 2 * MINUTE,
      firedAt: old + 3 * MINUTE,
      endedAt: old + 9 * MINUTE,
      ending: 'cleared',
    }),
  ];
  await appendFile(
    path.join(folder.path, 'alerts.ndjson'),
    lines.map((alert) => `${JSON.stringify(alert)}\n`).join(''),
  );
  await using hub = await startTestHub({
    dataDir: folder.path,
    observers: [new ScriptedObserver(), new ScriptedObserver(observedHost('db-1'))],
  });
  const idsOf = async (from: number, to: number, more = '') =>
    (await alertsOf(hub, `?from=${from}&to=${to}${more}`)).alerts.map(({ id }) => id);
  expect(await idsOf(old + 5 * MINUTE, old + 6 * MINUTE)).toEqual(['within001', 'other0001']);
  expect(await idsOf(old + 5 * MINUTE, old + 6 * MINUTE, '&hosts=db-1')).toEqual(['other0001']);
  expect(await idsOf(old - MINUTE, old)).toEqual(['before001']);
  // The one of db-1 fires to this day.
  expect(await idsOf(old + 10 * MINUTE, old + 11 * MINUTE)).toEqual(['other0001']);
  expect((await hub.get(`/api/v1/alerts?from=2&to=1`)).status).toBe(400);
  expect((await hub.get(`/api/v1/alerts?hots=web-1`)).status).toBe(400);
});

test('the newest 500 of a stretch are told, and that there are others', async () => {
  await using folder = await makeTempFolder();
  const old = now - 30 * 24 * 60 * MINUTE;
  const lines = Array.from({ length: MAX_ALERTS + 9 }, (_, index) => {
    const firedAt = old + index;
    return JSON.stringify(
      alertOf('web-1', {
        id: `made${10_000 + index}`,
        since: firedAt,
        firedAt,
        endedAt: firedAt + 1,
        ending: 'cleared',
      }),
    );
  });
  await appendFile(path.join(folder.path, 'alerts.ndjson'), `${lines.join('\n')}\n`);
  await using hub = await startTestHub({ dataDir: folder.path, observers: [new ScriptedObserver()] });
  const told = await alertsOf(hub, `?from=${old}&to=${now}`);
  expect(told.isCut).toBe(true);
  expect(told.alerts.map(({ firedAt }) => firedAt - old)).toEqual(
    Array.from({ length: MAX_ALERTS }, (_, index) => index + 9),
  );
});

test('it is acknowledged once, for every reader, and kept so', async () => {
  const host = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [host] });
  using reader = readStream(hub);
  await reader.until('ready');
  fillDisk(host, 95, now - 5 * MINUTE);
  const { id } = (await reader.until('alert')).data;
  const first = (await (await acknowledge(hub, id)).json()) as { alert: { acknowledgedAt: number } };
  expect(first.alert.acknowledgedAt).toBeGreaterThanOrEqual(now);
  expect(await (await acknowledge(hub, id)).json()).toEqual(first);
  await reader.until('alert', ({ acknowledgedAt }) => acknowledgedAt === first.alert.acknowledgedAt);
  await expect
    .poll(
      async () => (await readFile(path.join(hub.dataDir, 'alerts.ndjson'), 'utf8')).trim().split('\n').length,
    )
    .toBe(2);
  fillDisk(host, 40, now - 3 * MINUTE);
  await reader.until('alert', ({ endedAt }) => endedAt !== null);
  const refused = await acknowledge(hub, id);
  expect([refused.status, problem.parse(await refused.json()).error.message]).toEqual([
    404,
    'No alert of this id fires.',
  ]);
});
