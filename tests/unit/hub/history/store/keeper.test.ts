/** What comes of samples on their way to the disk: kept once, whatever ends the program; dropped when there are too many; lost only with their block. */
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
import { HISTORY_FILE } from '../../../../../hub/history/store/file/file-name.ts';
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
  return path.join(folder, HISTORY_FILE);
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

/** Minutes of samples from `begin`, as a tier coarser than the samples counts them. */
function minutesIn(folder: string, minutes: number): number[] {
  const query = { host: 'web-1', series: ['cpu.user'], from: begin, to: begin + minutes * 60_000 };
  return [...bucketsIn(folder, { ...query, stepMs: 60_000 }).series[0]!.count];
}

test('a tape that a killed program had brought in and not removed is read and brought in once', async () => {
  await using folder = await makeTempFolder();
  keepHistory(folder.path, begin);
  keepHistory(folder.path, begin + 2_000_000);
  // So late that only coarser tiers have room for them: there nobody could tell that they came twice.
  const name = writeHistoryTape(folder.path, rowsOf(300));
  const copy = readFileSync(path.join(folder.path, name));
  keepHistory(folder.path, begin + 2_500_000);
  writeFileSync(path.join(folder.path, name), copy);
  expect(minutesIn(folder.path, 5)).toEqual([60, 60, 60, 60, 60]);
  keepHistory(folder.path, begin + 3_000_000);
  expect(minutesIn(folder.path, 5)).toEqual([60, 60, 60, 60, 60]);
  expect(tapesIn(folder.path)).toEqual([]);
});

test('samples that come again count once, sealed in every tier or not', async () => {
  await using folder = await makeTempFolder();
  keepHistory(folder.path, begin);
  for (const now of [0, 500_000, 540_000, 830_000, 831_000]) {
    writeHistoryTape(folder.path, rowsOf(300));
    expect(minutesIn(folder.path, 5)).toEqual([60, 60, 60, 60, 60]);
    keepHistory(folder.path, begin + now);
    expect(minutesIn(folder.path, 5)).toEqual([60, 60, 60, 60, 60]);
  }
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
      if (name.startsWith(HISTORY_FILE)) writeFileSync(path.join(folder.path, name), '');
    return count;
  }
});

/** Ten minutes of numbers that no codec makes smaller. */
function noiseOf(at: number): TestRow[] {
  const noise = (seed: number) => Math.abs(Math.sin(seed) * 1e9) % 1;
  return Array.from({ length: 600 }, (_, row) => {
    const second = at * 600 + row;
    const values = Array.from({ length: 24 }, (__, key) => [`key.${key}`, noise(second * 24 + key)] as const);
    return { host: 'web-1', time: begin + second * 1_000, values: Object.fromEntries(values) };
  });
}

test('samples past the bounds go, oldest first, and the folder stays as large as it was, also under a long reader', async () => {
  await using folder = await makeTempFolder();
  const options = { maxBytes: 160 * 1024, maxLogBytes: 1024 * 1024 };
  const sizes: number[] = [];
  const live = (from: number, to: number) => {
    for (let at = from; at < to; at++) {
      writeHistoryTape(folder.path, noiseOf(at));
      keepHistory(folder.path, begin + (at + 1) * 600_000, options);
      sizes.push(bytesIn(folder.path));
    }
  };
  live(0, 8);
  expect(Math.max(...sizes.slice(4))).toBeLessThan(1.25 * options.maxBytes);
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
  const told: string[] = [];
  const keep = (second: number) =>
    keepHistory(folder.path, begin + second * 1_000, { onDamaged: (what) => told.push(what) });
  keep(0);
  const hosts = Array.from({ length: 12 }, (_, at) => `web-${at + 1}`);
  for (const host of hosts)
    writeHistoryTape(
      folder.path,
      noiseOf(0).map((row) => ({ ...row, host })),
    );
  keep(900);
  const { size } = statSync(fileIn(folder.path));
  // Twelve pages in the middle of it.
  spoil(fileIn(folder.path), Math.floor(size / 8_192) * 4_096, 12 * 4_096);
  writeHistoryTape(folder.path, rowsOf(10, 900));
  keep(1_200);
  expect(existsSync(`${fileIn(folder.path)}.damaged`)).toBe(true);
  expect(told[0]).toMatch(/is damaged .* set aside as history.db.damaged, and \d+ blocks of it were rescued/);
  expect(countIn(folder.path, 900, 910)).toBe(10);
  const samples = hosts.map((host) => {
    const query = { host, series: ['key.0'], from: begin, to: begin + 600_000, stepMs: 1_000 };
    return bucketsIn(folder.path, query).series[0]?.count.reduce((a, b) => a + b) ?? 0;
  });
  // Hosts before the damage, and behind it.
  expect(samples.filter((count) => count === 600).length).toBeGreaterThan(6);
  expect(samples.at(0)).toBe(600);
  expect(samples.at(-1)).toBe(600);

  // Nothing of it can be read: then it begins anew.
  spoil(fileIn(folder.path), 0, 4_096);
  writeHistoryTape(folder.path, rowsOf(10, 1_300));
  keep(1_400);
  expect(told.at(-1)).toMatch(/, and 0 blocks of it were rescued/);
  expect(countIn(folder.path, 900, 910)).toBe(0);
  expect(countIn(folder.path, 1_300, 1_310)).toBe(10);
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
