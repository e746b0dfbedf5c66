/** What comes of samples on their way to the disk: kept once, whatever ends the program; dropped when there are too many; lost only with their block. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { bytesIn, tapesIn } from '../../../../../hub/archive/archive-folder.ts';
import { HistoryFile } from '../../../../../hub/history/store/file/history-file.ts';
import { FILE_NAME } from '../../../../../hub/history/store/file/keeper.ts';
import { HistoryStore } from '../../../../../hub/history/store/history-store.ts';
import {
  bucketsIn,
  keepHistory,
  shortLadder,
  writeHistoryTape,
  type TestRow,
} from '../../../../support/history-of.ts';
import { sampleOf } from '../../../../support/observations.ts';
import { canMount, mountSmallDisk } from '../../../../support/small-disk.ts';
import { makeTempFolder } from '../../../../support/temp-folder.ts';
import { until } from '../../../../support/until.ts';

const begin = 1_920_000 * 900_000;
const never = new AbortController().signal;

/** `count` seconds of one host from `first`, some series that say something. */
function rowsOf(count: number, first = 0): TestRow[] {
  return Array.from({ length: count }, (_, at) => ({
    host: 'web-1',
    time: begin + (first + at) * 1_000,
    values: {
      'cpu.user': ((first + at) * 37) % 101,
      'net.eth0.receive': Math.round(1e6 * Math.abs(Math.sin(first + at))),
      'memory.used': 4096 * ((first + at) % 977),
    },
  }));
}

function fileIn(folder: string): string {
  return path.join(folder, FILE_NAME);
}

function integrityOf(folder: string): string {
  using file = new HistoryFile(fileIn(folder), { tiers: shortLadder.length });
  return file.integrity;
}

/** How many samples there are from `from` until `to`, in seconds. */
function countIn(folder: string, from: number, to: number): number {
  const { series } = bucketsIn(folder, {
    host: 'web-1',
    series: ['cpu.user'],
    from: begin + from * 1_000,
    to: begin + to * 1_000,
    stepMs: 1_000,
  });
  return series[0]?.count.reduce((a, b) => a + b) ?? 0;
}

test('a tape that a killed program had brought in and not removed is not brought in again', async () => {
  await using folder = await makeTempFolder();
  const name = writeHistoryTape(folder.path, rowsOf(300));
  const copy = readFileSync(path.join(folder.path, name));
  keepHistory(folder.path, begin + 100_000);
  writeFileSync(path.join(folder.path, name), copy);
  expect(countIn(folder.path, 0, 300)).toBe(300);
  keepHistory(folder.path, begin + 900_000);
  expect(tapesIn(folder.path)).toEqual([]);
  expect(countIn(folder.path, 0, 300)).toBe(300);
});

test('the torn end of a tape costs no other row, nor does rubbish behind it', async () => {
  await using folder = await makeTempFolder();
  const file = path.join(folder.path, writeHistoryTape(folder.path, rowsOf(20)));
  const whole = readFileSync(file);
  writeFileSync(file, whole.subarray(0, -3));
  expect(tornCount()).toBe(19);
  writeFileSync(file, Buffer.concat([whole, Buffer.alloc(64)]));
  expect(tornCount()).toBe(20);

  function tornCount(): number {
    keepHistory(folder.path, begin);
    const count = countIn(folder.path, 0, 300);
    for (const name of readdirSync(folder.path))
      if (name.startsWith(FILE_NAME)) writeFileSync(path.join(folder.path, name), '');
    return count;
  }
});

test('killed at any moment, it has each sample once and its database is whole', async () => {
  await using folder = await makeTempFolder();
  let written = 0;
  for (let kill = 0; kill < 3; kill++) {
    for (let tape = 0; tape < 3; tape++, written += 150) writeHistoryTape(folder.path, rowsOf(150, written));
    const child = fork(path.join(import.meta.dirname, '../../../../support/history-child.ts'), [
      folder.path,
      String(begin + (written - 200) * 1_000),
      '60000',
    ]);
    await once(child, 'message');
    try {
      const left = kill % 3;
      await until('it is at work', () => left === 2 || tapesIn(folder.path).length <= left);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    if (existsSync(fileIn(folder.path))) expect(integrityOf(folder.path)).toBe('ok');
    keepHistory(folder.path, begin + (written - 200) * 1_000);
    expect(countIn(folder.path, written - 450, written)).toBe(450);
  }
});

/** Ten minutes of numbers that no codec makes smaller. */
function noiseOf(at: number): TestRow[] {
  const noise = (seed: number) => Math.abs(Math.sin(seed) * 1e9) % 1;
  return Array.from({ length: 600 }, (_, row) => {
    const second = at * 600 + row;
    const values = Array.from({ length: 8 }, (__, key) => [`key.${key}`, noise(second * 8 + key)] as const);
    return { host: 'web-1', time: begin + second * 1_000, values: Object.fromEntries(values) };
  });
}

test('samples past the bounds go, oldest first, and the folder stays as large as it was, also under a long reader', async () => {
  await using folder = await makeTempFolder();
  const options = { maxBytes: 512 * 1024, maxLogBytes: 1024 * 1024 };
  const sizes: number[] = [];
  const live = (from: number, to: number) => {
    for (let at = from; at < to; at++) {
      writeHistoryTape(folder.path, noiseOf(at));
      keepHistory(folder.path, begin + (at + 1) * 600_000, options);
      sizes.push(bytesIn(folder.path));
    }
  };
  live(0, 10);
  expect(Math.max(...sizes.slice(5))).toBeLessThan(4 * options.maxBytes);
  const reader = new DatabaseSync(fileIn(folder.path), { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM tier0').get();
  expect(() => live(10, 22)).toThrow('another program has been reading history.db for too long');
  expect(Math.max(...sizes)).toBeLessThan(4 * options.maxBytes + 3 * options.maxLogBytes);
  reader.close();
  live(22, 23);
  const { series } = bucketsIn(folder.path, {
    host: 'web-1',
    series: ['key.0'],
    from: begin + 22 * 600_000,
    to: begin + 23 * 600_000,
    stepMs: 1_000,
  });
  expect(series[0]!.count.reduce((a, b) => a + b)).toBe(600);
});

/** Overwrites a stretch of the file, as a bad disk would. */
function spoil(file: string, from: number, bytes: number): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(bytes, 0x5a), 0, bytes, from);
  closeSync(handle);
}

test('a damaged database is set aside, what can be read of it is rescued, and history goes on', async () => {
  await using folder = await makeTempFolder();
  const dataDir = folder.path;
  const history = path.join(dataDir, 'history');
  const troubles: Error[] = [];
  const now = Date.now();
  const open = () =>
    new HistoryStore({
      dataDir,
      maxBytes: 1024 ** 3,
      ladder: shortLadder,
      report: (trouble) => troubles.push(trouble),
    });
  const query = { host: 'web-1', series: ['cpu.user'], from: now - 3_000_000, to: now, stepMs: 60_000 };
  {
    await using store = open();
    for (let second = 3_000; second > 300; second--)
      store.takeSample(sampleOf('web-1', second, { time: now - second * 1_000 }));
    await store.keep();
  }
  const { size } = statSync(fileIn(history));
  spoil(fileIn(history), Math.floor(size / 65_536) * 32_768, 32_768);
  await using store = open();
  for (let second = 300; second > 0; second--)
    store.takeSample(sampleOf('web-1', second, { time: now - second * 1_000 }));
  await store.keep();
  expect(existsSync(`${fileIn(history)}.damaged`)).toBe(true);
  expect(troubles.map(({ message }) => message).join()).toMatch(
    /is damaged .* set aside as history.db.damaged, and \d+ blocks/,
  );
  const { series, start } = await store.buckets(query, never);
  const counts = [...series[0]!.count];
  expect(counts.at(Math.floor((now - 240_000 - start) / 60_000))).toBe(60);
  expect(counts.reduce((a, b) => a + b)).toBeGreaterThan(600);

  // Nothing of it can be read: then it begins anew.
  spoil(fileIn(history), 0, 4_096);
  store.takeSample(sampleOf('web-1', 0, { time: now }));
  await store.keep();
  const fresh = await store.buckets({ ...query, to: now + 60_000 }, never);
  expect(fresh.series[0]!.count.reduce((a, b) => a + b)).toBe(1);
});

test.runIf(await canMount())(
  'a full disk costs what came meanwhile, and nothing of what was there',
  async () => {
    await using disk = await mountSmallDisk(6 * 1024 * 1024);
    const troubles: Error[] = [];
    await using store = new HistoryStore({
      dataDir: disk!.path,
      maxBytes: 1024 ** 3,
      ladder: shortLadder,
      report: (trouble) => troubles.push(trouble),
    });
    const now = Date.now();
    const take = (first: number) => {
      for (let at = 0; at < 300; at++)
        store.takeSample(sampleOf('web-1', at, { time: now - 3_000_000 + (first + at) * 1_000 }));
    };
    const count = async () => {
      const query = { host: 'web-1', series: ['cpu.user'], from: now - 3_000_000, to: now, stepMs: 60_000 };
      return (await store.buckets(query, never)).series[0]!.count.reduce((a, b) => a + b);
    };
    take(0);
    expect(await count()).toBe(300);
    const empty = disk!.fill();
    take(600);
    // What the last pages of the tape had room for is there.
    expect(await count()).toBeLessThan(320);
    await store.keep();
    expect(store.trouble).toMatch(/History is not kept at this moment: .*(ENOSPC|full|disk)/);
    expect(store.numbers.lost).toBeGreaterThanOrEqual(280);
    expect(troubles.length).toBeGreaterThanOrEqual(1);
    await empty();
    take(1_200);
    await store.keep();
    expect(store.trouble).toBeNull();
    expect(await count()).toBeGreaterThanOrEqual(600);
  },
);
