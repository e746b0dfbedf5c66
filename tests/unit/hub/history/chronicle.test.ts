/** The chronicle on real files: what is told again after a restart, and what it does not write. */
import { appendFile, mkdir, readFile, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Chronicle, type ChronicleOptions } from '../../../../hub/history/chronicle/chronicle.ts';
import { ChronicleFile } from '../../../../hub/history/chronicle/chronicle-file.ts';
import type { StreamEvent } from '../../../../shared/events.ts';
import type { ChronicleEntry } from '../../../../shared/schema/kept-chronicle.ts';
import type { Gap } from '../../../../shared/schema/stream.ts';
import type { Host } from '../../../../shared/schema/host.ts';
import { hostOf } from '../../../support/observations.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';
import { until } from '../../../support/until.ts';

const hostEvent = (changes: Partial<Host>): StreamEvent => ({
  name: 'host',
  data: hostOf('web-1', { lastSeen: 5, ...changes }),
});
const gapEvent = (changes: Partial<Gap>): StreamEvent => ({
  name: 'gap',
  data: { host: 'web-1', channel: 'metrics', reason: 'asleep', from: 10, to: 20, count: null, ...changes },
});

function open(dataDir: string, more: Partial<ChronicleOptions> = {}): Chronicle {
  const report = (trouble: Error) => {
    throw trouble;
  };
  const chronicle = new Chronicle({ dataDir, report, storeTrouble: () => null, settleMs: 0, ...more });
  chronicle.begin();
  return chronicle;
}

const wordsOf = async (chronicle: Chronicle) => (await chronicle.read()).map(inWords);

function inWords(entry: ChronicleEntry): string {
  if (entry.what === 'status') return `status ${entry.status}`;
  return entry.what === 'gap' ? `gap ${entry.reason}` : entry.what;
}

test('statuses, gaps and starts are told again by the next hub, and so is the time between', async () => {
  await using folder = await makeTempFolder();
  {
    await using first = open(folder.path);
    await until('it has settled', () => Promise.resolve(first.isSettled));
    first.take(hostEvent({ status: 'live', statusSince: 1 }));
    first.take(hostEvent({ status: 'stale', statusSince: 2 }));
    first.take(hostEvent({ status: 'offline', statusSince: 3 }));
    first.take(gapEvent({}));
    // Neither of a log, nor one that this reader alone has.
    first.take(gapEvent({ channel: 'logs' }));
    first.take(gapEvent({ reason: 'slow-reader' }));
    first.take(hostEvent({ status: 'backfilling', statusSince: 4 }));
    expect(await wordsOf(first)).toEqual(told);
  }
  const stopped = Date.now();
  await using second = open(folder.path);
  const entries = await second.read();
  expect(await wordsOf(second)).toEqual([...told, 'hub-started']);
  const started = entries.at(-1)!;
  expect(started.what === 'hub-started' && Math.abs(started.lastAlive! - stopped)).toBeLessThan(1_000);
});
const told = ['hub-started', 'boot', 'status live', 'status offline', 'gap asleep', 'status live'];

test('who was away when the hub started and comes back is not told as away', async () => {
  await using folder = await makeTempFolder();
  await using chronicle = open(folder.path, { settleMs: 100_000 });
  chronicle.take(hostEvent({ status: 'offline' }));
  chronicle.take(hostEvent({ status: 'live' }));
  chronicle.take(hostEvent({ status: 'offline' }));
  expect(await wordsOf(chronicle)).toEqual(['hub-started', 'boot', 'status live']);
});

test('the end of a hub that was killed is its last sign of life; a torn line costs itself alone', async () => {
  await using folder = await makeTempFolder();
  const file = path.join(folder.path, 'chronicle.ndjson');
  {
    await using first = open(folder.path);
    first.take(gapEvent({}));
  }
  await appendFile(file, '{"what":"gap","host":"web-1","fr');
  await utimes(file, 1_000, 1_000);
  await using second = open(folder.path);
  second.take(gapEvent({ from: 30, to: 40 }));
  expect(await wordsOf(second)).toEqual(['hub-started', 'gap asleep', 'hub-started', 'gap asleep']);
  expect((await second.read())[2]).toMatchObject({ lastAlive: 1_000_000 });
});

test('a hub that was killed lived as long as it wrote samples, and not after the next one began', async () => {
  await using folder = await makeTempFolder();
  const file = path.join(folder.path, 'chronicle.ndjson');
  const lastAlive = async (wroteAt: number) => {
    await utimes(file, 1_000, 1_000);
    await using hub = open(folder.path, { wroteAt });
    const newest = (await hub.read()).at(-1)!;
    return newest.what === 'hub-started' ? newest.lastAlive : null;
  };
  await open(folder.path)[Symbol.asyncDispose]();
  expect(await lastAlive(1_009_000)).toBe(1_009_000);
  expect(await lastAlive(990_000)).toBe(1_000_000);
  const before = Date.now();
  const clamped = (await lastAlive(before + 3_600_000))!;
  expect(clamped).toBeGreaterThanOrEqual(before);
  expect(clamped).toBeLessThanOrEqual(Date.now());
});

test('a host that was removed is told as removed until it comes back', async () => {
  await using folder = await makeTempFolder();
  await using chronicle = open(folder.path);
  await until('it has settled', () => Promise.resolve(chronicle.isSettled));
  chronicle.take(hostEvent({ status: 'live', statusSince: 1 }));
  chronicle.take({ name: 'gone', data: { host: 'web-1' } });
  chronicle.take(hostEvent({ status: 'live', statusSince: Date.now() + 60_000 }));
  expect(await wordsOf(chronicle)).toEqual([
    'hub-started',
    'boot',
    'status live',
    'removed',
    'boot',
    'status live',
  ]);
});

test('a hub says by the time of its file that it lives', async () => {
  await using folder = await makeTempFolder();
  await using chronicle = open(folder.path, { aliveEveryMs: 5 });
  await chronicle.read();
  const file = path.join(folder.path, 'chronicle.ndjson');
  await utimes(file, 1_000, 1_000);
  await until('it is touched', () => Promise.resolve(new ChronicleFile(folder.path).lastAlive! > 1_000_000));
});

test('a host that comes and goes all the time does not push out what others were', async () => {
  await using folder = await makeTempFolder();
  await using chronicle = open(folder.path);
  await until('it has settled', () => Promise.resolve(chronicle.isSettled));
  for (let turn = 0; turn < 500; turn++)
    chronicle.take(hostEvent({ status: turn % 2 === 0 ? 'live' : 'asleep' }));
  chronicle.take({ name: 'host', data: hostOf('db-1', { status: 'paused' }) });
  const words = await wordsOf(chronicle);
  expect(words.length).toBeLessThan(100);
  expect(words.at(-1)).toBe('status paused');
});

test('what cannot be written is known all the same, told once, and written when it can be', async () => {
  await using folder = await makeTempFolder();
  const file = path.join(folder.path, 'chronicle.ndjson');
  await mkdir(file);
  const troubles: Error[] = [];
  await using chronicle = open(folder.path, { report: (trouble) => troubles.push(trouble), aliveEveryMs: 5 });
  chronicle.take(gapEvent({}));
  await until('it has tried', () => Promise.resolve(troubles.length > 0));
  chronicle.take(gapEvent({ reason: 'host-paused' }));
  expect(await wordsOf(chronicle)).toEqual(['hub-started', 'gap asleep', 'gap host-paused']);
  expect(troubles).toHaveLength(1);
  await rm(file, { recursive: true });
  await until('it is written', async () =>
    (await readFile(file, 'utf8').catch(() => '')).includes('host-paused'),
  );
});

test('a stretch in which samples could not be kept is one entry, when it is over', async () => {
  await using folder = await makeTempFolder();
  let trouble: string | null = 'full';
  await using chronicle = open(folder.path, { storeTrouble: () => trouble, aliveEveryMs: 5 });
  await until('it was seen', () => Promise.resolve(chronicle.isNotStored));
  trouble = null;
  await until('it is told', async () => (await wordsOf(chronicle)).includes('not-stored'));
});

test('a file that has grown is set aside, and the one before it is let go', async () => {
  await using folder = await makeTempFolder();
  const file = new ChronicleFile(folder.path, 300);
  for (let time = 0; time < 20; time++) await file.append([{ what: 'boot', host: 'web-1', time }]);
  const times = (await file.read()).map((entry) => (entry.what === 'boot' ? entry.time : -1));
  expect(times.at(-1)).toBe(19);
  expect(times).toEqual(Array.from({ length: times.length }, (_, at) => 20 - times.length + at));
  expect(times.length).toBeLessThan(18);
});
