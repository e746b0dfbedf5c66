/** What history answers is what a naive computation over the raw samples answers: in every tier, late or not, sealed or not. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { HistoryFile } from '../../../../../hub/history/store/file/history-file.ts';
import { HISTORY_FILE } from '../../../../../hub/history/store/file/file-name.ts';
import {
  bucketsIn,
  keepHistory,
  naiveBuckets,
  shortLadder,
  writeHistoryTape,
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

test.each([3])('random hours, seed %i', async (seed) => {
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
        const { min, mean, max, count, last } = naive.get(start) ?? emptyBucket;
        const isSame =
          columns.count[at] === count &&
          Object.is(columns.min[at], min) &&
          Object.is(columns.max[at], max) &&
          Object.is(columns.last[at], last) &&
          isAbout(columns.mean[at]!, mean);
        if (!isSame) wrong.push({ start, wanted: naive.get(start) });
        compared++;
      }
      expect(wrong, `${key} in steps of ${stepMs}`).toEqual([]);
    }
  }
  expect(compared).toBeGreaterThan(4_000);
});

const emptyBucket = { min: NaN, mean: NaN, max: NaN, count: 0, last: NaN };

/** Sums were rounded in another order. */
function isAbout(value: number, wanted: number): boolean {
  return Object.is(value, wanted) || Math.abs(value - wanted) <= 1e-12 * Math.abs(wanted) + 1e-9;
}
