/** What history answers is what a naive computation over the raw samples answers: in every tier, late or not, sealed or not. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { HistoryFile } from '../../../../../hub/history/store/file/history-file.ts';
import type { SeriesBuckets } from '../../../../../hub/history/store/history-reader.ts';
import { HISTORY_FILE } from '../../../../../hub/history/store/file/file-name.ts';
import {
  bucketsIn,
  keepHistory,
  naiveBuckets,
  shortLadder,
  writeHistoryTape,
  type NaiveBucket,
  type TestRow,
} from '../../../../support/history-of.ts';
import { makeTempFolder } from '../../../../support/temp-folder.ts';

/** A whole number of every span, so that buckets of all tiers begin there. */
const begin = 3_840_000 * 450_000;

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Of every kind that a column tells apart: hundredths, pages, rare, any double, below zero, never changing. */
function rowAt(host: string, time: number, random: () => number): TestRow {
  return {
    host,
    time,
    values: {
      'cpu.user': Math.round(random() * 10_000) / 100,
      'memory.used': 4096 * Math.round(6e6 + random() * 1e5),
      'disk.sda.await': random() < 0.4 ? Math.round(random() * 1_000) / 100 : null,
      odd: random() * 10 ** Math.floor(random() * 20 - 10),
      below: Math.floor(random() * 100) - 50,
      fixed: 8,
    },
  };
}

/** Minutes of two hosts; some samples come up to forty minutes late, in any order, some twice within minutes, some never. */
async function liveThrough(
  folder: string,
  seed: number,
  minutes: number,
): Promise<{ rows: TestRow[]; now: number }> {
  const random = randomOf(seed);
  const told: TestRow[] = [];
  const late: { row: TestRow; at: number }[] = [];
  let tape: TestRow[] = [];
  const end = begin + minutes * 60_000;
  for (let time = begin; time < end; time += 1_000) {
    for (const host of ['web-1', 'db-1']) {
      const row = rowAt(host, time + Math.floor(random() * 3), random);
      const fate = random();
      if (fate < 0.7) tape.push(row);
      else if (fate < 0.95) late.push({ row, at: time + random() * 2_400_000 });
      if (fate < 0.02) late.push({ row, at: time + random() * 300_000 });
    }
    for (let at = late.length - 1; at >= 0; at--) {
      if (late[at]!.at <= time) tape.push(...late.splice(at, 1).map(({ row }) => row));
    }
    if (random() < 0.006) {
      writeHistoryTape(folder, tape);
      told.push(...tape);
      tape = [];
      if (random() < 0.5) keepHistory(folder, time);
    }
  }
  return { rows: told, now: end };
}

function keptOf(folder: string, tier: number): number {
  using file = new HistoryFile(path.join(folder, HISTORY_FILE), {
    tiers: shortLadder.length,
    isReadOnly: true,
  });
  return file.marksOf(tier)!.kept;
}

const keys = ['cpu.user', 'memory.used', 'disk.sda.await', 'odd', 'below', 'fixed'];

const seeds = [3, 8];

test.each(seeds)('random hours, seed %i', async (seed) => {
  await using folder = await makeTempFolder();
  const { rows, now } = await liveThrough(folder.path, seed, 64);
  const random = randomOf(seed + 100);
  let compared = 0;
  for (const stepMs of [1_000, 3_000, 10_000, 30_000, 60_000, 120_000, 240_000, 720_000, 960_000]) {
    const tier = shortLadder.findLastIndex((rule) => stepMs % rule.stepMs === 0);
    const kept = Math.max(begin, keptOf(folder.path, tier));
    const host = random() < 0.5 ? 'web-1' : 'db-1';
    const from = Math.floor(kept + (random() * (now - kept)) / 2);
    const answer = bucketsIn(folder.path, { host, series: null, from, to: from + 400 * stepMs, stepMs });
    expect(answer.start).toBe(Math.floor(from / stepMs) * stepMs);
    expect(answer.series.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
    for (const { key, ...columns } of answer.series) {
      const naive = naiveBuckets(rows, host, key, stepMs);
      const wrong: unknown[] = [];
      for (let at = 0; at < answer.length; at++) {
        const start = answer.start + at * stepMs;
        if (start < kept) continue;
        const wanted = naive.get(start) ?? emptyBucket;
        if (!isSame(columns, at, wanted)) wrong.push({ start, wanted });
        compared++;
      }
      expect(wrong, `${key} in steps of ${stepMs}`).toEqual([]);
    }
  }
  expect(compared).toBeGreaterThan(4_000);
});

/** Late samples stand at their own seconds until they are brought in, the others of their bucket at its beginning. */
test.each(seeds)('where seconds are gone, what is left of them, seed %i', async (seed) => {
  await using folder = await makeTempFolder();
  const { rows, now } = await liveThrough(folder.path, seed, 64);
  const kept = shortLadder.map((_, tier) => Math.max(begin, keptOf(folder.path, tier)));
  const tierAt = (time: number) => kept.findIndex((from) => time >= from);
  const answer = bucketsIn(folder.path, { host: 'db-1', series: null, from: begin, to: now, stepMs: 1_000 });
  const tiersSeen = new Set<number>();
  for (const { key, ...columns } of answer.series) {
    const naive = shortLadder.map(({ stepMs }) => naiveBuckets(rows, 'db-1', key, stepMs));
    const wrong: unknown[] = [];
    for (let start = begin; start < now;) {
      const tier = tierAt(start);
      const { stepMs } = shortLadder[tier]!;
      // A bucket over the edge of two tiers is told by both.
      if (tierAt(start + stepMs - 1) === tier) {
        tiersSeen.add(tier);
        const wanted = naive[tier]!.get(start) ?? emptyBucket;
        const told = foldBuckets(columns, (start - begin) / 1_000, stepMs / 1_000);
        if (!isAlike(told, wanted)) wrong.push({ start: start - begin, tier, wanted, told });
      }
      start += stepMs;
    }
    expect(wrong, key).toEqual([]);
  }
  expect(tiersSeen.size).toBeGreaterThan(2);
});

type Columns = Omit<SeriesBuckets, 'key'>;

function foldBuckets(columns: Columns, first: number, length: number): Omit<NaiveBucket, 'last'> {
  const told = { min: NaN, mean: NaN, max: NaN, count: 0 };
  for (let at = first; at < first + length; at++) {
    const [count, min, mean, max] = [
      columns.count[at]!,
      columns.min[at]!,
      columns.mean[at]!,
      columns.max[at]!,
    ];
    if (count === 0) continue;
    told.mean = told.count === 0 ? mean : (told.mean * told.count + mean * count) / (told.count + count);
    told.min = told.count === 0 ? min : Math.min(told.min, min);
    told.max = told.count === 0 ? max : Math.max(told.max, max);
    told.count += count;
  }
  return told;
}

function isAlike(told: Omit<NaiveBucket, 'last'>, wanted: NaiveBucket): boolean {
  return (
    told.count === wanted.count &&
    Object.is(told.min, wanted.min) &&
    Object.is(told.max, wanted.max) &&
    isAbout(told.mean, wanted.mean)
  );
}

const emptyBucket = { min: NaN, mean: NaN, max: NaN, count: 0, last: NaN };

function isSame(columns: Columns, at: number, wanted: NaiveBucket): boolean {
  return (
    columns.count[at] === wanted.count &&
    Object.is(columns.min[at], wanted.min) &&
    Object.is(columns.max[at], wanted.max) &&
    Object.is(columns.last[at], wanted.last) &&
    isAbout(columns.mean[at]!, wanted.mean)
  );
}

/** Sums were rounded in another order. */
function isAbout(value: number, wanted: number): boolean {
  return Object.is(value, wanted) || Math.abs(value - wanted) <= 1e-12 * Math.abs(wanted) + 1e-9;
}
