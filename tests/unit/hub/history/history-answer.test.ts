/** The answer to a question: buckets equal to a plain computation, as many as were asked for at most, and nothing that is not to be seen. */
import { describe, expect, test } from 'vitest';
import { everything, type Sight } from '../../../../hub/access/sight.ts';
import { HistoryAnswer } from '../../../../hub/history/query/history-answer.ts';
import { parseHistoryQuery } from '../../../../hub/history/query/history-query.ts';
import { KeptSince } from '../../../../hub/history/query/kept-since.ts';
import { stepFor } from '../../../../hub/history/query/step.ts';
import { defaultLadder } from '../../../../hub/history/store/ladder.ts';
import {
  historyRecord,
  historySteps,
  MAX_HISTORY_POINTS,
  type HistoryRecord,
} from '../../../../shared/schema/history.ts';
import type { ChronicleEntry } from '../../../../shared/schema/kept-chronicle.ts';
import { historyTold, type HistoryTold } from '../../../support/history-answers.ts';
import { KeptSamples } from '../../../support/kept-samples.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Whole hours ago: windows of the tests lie on bucket boundaries where they say so. */
const now = Math.floor(Date.now() / hour) * hour;

interface Wishes {
  query: Record<string, string | number>;
  hosts?: { id: string; intervalMs: number; liveUntil: number | null }[];
  sight?: Partial<Sight>;
  entries?: ChronicleEntry[];
}

async function ask(reader: KeptSamples, { query, hosts, sight, entries }: Wishes): Promise<HistoryTold> {
  const records: HistoryRecord[] = [];
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  await new HistoryAnswer({
    reader,
    keptSince: new KeptSince(reader),
    entries: entries ?? [],
    sight: { ...everything, ...sight },
    query: parseHistoryQuery(parameters),
    hosts: hosts ?? [{ id: 'web-1', intervalMs: 1_000, liveUntil: now }],
    tell: (record) => {
      records.push(historyRecord.parse(record));
      return Promise.resolve();
    },
    signal: new AbortController().signal,
  }).tell();
  return historyTold(records);
}

/** A made-up row of numbers, the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe('the step', () => {
  test('is never so short that there are more buckets than points, nor than what is kept', () => {
    const random = randomFrom(7);
    for (let turn = 0; turn < 2_000; turn++) {
      const points = 1 + Math.floor(random() * (turn % 2 === 0 ? 50 : MAX_HISTORY_POINTS));
      const to = now - Math.floor(random() * 100 * day);
      const from = to - Math.ceil(random() ** 4 * 700 * day);
      const { start, stepMs, length, tierMs } = stepFor(defaultLadder, { from, to }, points, { now });
      expect(length).toBeLessThanOrEqual(points);
      expect([start % stepMs, stepMs % tierMs]).toEqual([0, 0]);
      expect(start).toBeLessThanOrEqual(from);
      expect(start + length * stepMs).toBeGreaterThanOrEqual(to);
      const kept = defaultLadder.find(({ keepMs }) => from >= now - keepMs) ?? defaultLadder.at(-1)!;
      expect(stepMs % kept.stepMs).toBe(0);
      const shorter = historySteps.filter((step) => step < stepMs && step % kept.stepMs === 0).at(-1);
      if (shorter !== undefined)
        expect(Math.ceil(to / shorter) - Math.floor(from / shorter)).toBeGreaterThan(points);
    }
  });

  test.each([
    ['an hour', hour, 3_600, 1_000, 1_000],
    ['an hour in a thousand points', hour, 1_000, 4_000, 1_000],
    ['a week', 7 * day, 1_000, 12 * 60_000, 60_000],
    ['two years', 730 * day, 1_000, 24 * hour, 4 * hour],
  ])('%s', (_, length, points, stepMs, tierMs) => {
    const step = stepFor(defaultLadder, { from: now - length, to: now }, points, { now });
    expect(step).toMatchObject({ stepMs, tierMs });
  });

  test('is no shorter than what is left where room was short', () => {
    const keptFrom = [now - 2 * hour, now - 12 * hour, 0, 0, 0];
    const stepAt = (from: number) =>
      stepFor(defaultLadder, { from, to: from + hour }, 3_600, { now, keptFrom }).stepMs;
    expect([now - hour, now - 3 * hour, now - 20 * hour].map(stepAt)).toEqual([1_000, 10_000, 60_000]);
  });

  test('is no shorter than the time between two samples', () => {
    expect(
      stepFor(defaultLadder, { from: now - hour, to: now }, 5_000, { leastMs: 10_000, now }).stepMs,
    ).toBe(10_000);
  });
});

test('every bucket equals what a plain computation over the samples says', async () => {
  const random = randomFrom(42);
  const reader = new KeptSamples();
  const kept: { time: number; value: number }[] = [];
  for (let time = now - hour; time < now; time += 1_000 + Math.floor(random() * 400)) {
    if (random() < 0.05) time += Math.floor(random() * 60_000);
    const value = random() < 0.5 ? random() * 1e9 : Math.floor(random() * 1e6);
    kept.push({ time, value });
    reader.keep('web-1', time, { 'net.receive': value });
  }
  for (const points of [50, 900, 3_600, 7_000]) {
    const query = {
      series: 'net.receive',
      from: now - hour,
      to: now,
      points,
      fields: 'mean,min,max,count,last',
    };
    const { begin, columns } = await ask(reader, { query });
    const [column] = columns;
    expect(column!.count!.length).toBeLessThanOrEqual(points);
    for (const [at, count] of column!.count!.entries()) {
      const from = column!.start + at * begin.stepMs;
      const inside = kept.filter(({ time }) => time >= from && time < from + begin.stepMs);
      const values = inside.map(({ value }) => value);
      expect(count).toBe(values.length);
      if (count === 0) {
        expect(column!.mean![at]).toBeNull();
        continue;
      }
      // Told to a hundred-millionth of the largest.
      const near = (told: number | null | undefined, value: number) =>
        expect(Math.abs(told! - value)).toBeLessThan(10);
      const mean = values.reduce((sum, value) => sum + value) / values.length;
      near(column!.mean![at], mean);
      near((column!.min ?? column!.mean)![at], Math.min(...values));
      near((column!.max ?? column!.mean)![at], Math.max(...values));
      near((column!.last ?? column!.mean)![at], values.at(-1)!);
    }
    const told = column!.count!.reduce((sum, count) => sum + count);
    expect(told).toBe(kept.length);
  }
});

test('series come in the order asked for, patterns in the order of a sample; what there is none of has no record', async () => {
  const reader = new KeptSamples();
  for (let second = 0; second < 60; second++) {
    reader.keep('web-1', now - 60_000 + second * 1_000, {
      'cpu.user': 1.23456789012,
      'net.eth0.receive': second,
      'net.eth1.receive': second < 30 ? null : second,
      'net.eth1.transmit': null,
    });
  }
  const query = { series: 'net.*.receive,cpu.user,net.eth1.transmit,gone', from: now - 60_000, to: now };
  const { columns, begin, last } = await ask(reader, { query });
  expect(columns.map(({ series }) => series)).toEqual(['net.eth0.receive', 'net.eth1.receive', 'cpu.user']);
  expect(columns[1]).toMatchObject({
    start: now - 30_000,
    mean: Array.from({ length: 30 }, (_, at) => at + 30),
  });
  // One sample in each bucket: least and largest say nothing new. Digits that nobody sees are not sent.
  expect(Object.keys(columns[2]!)).toEqual(['kind', 'host', 'series', 'start', 'mean']);
  expect(columns[2]!.mean![0]).toBe(1.2345679);
  expect(begin.hosts).toEqual([{ host: 'web-1', intervalMs: 1_000, keptSince: now - 60_000 }]);
  expect(last).toMatchObject({ kind: 'end', reason: 'complete' });
});

test('a field that is asked for without the mean is told, also where it says the same', async () => {
  const reader = new KeptSamples();
  for (let second = 0; second < 10; second++)
    reader.keep('web-1', now - 10_000 + second * 1_000, { 'cpu.user': second });
  const query = { series: 'cpu.user', from: now - 10_000, to: now, fields: 'last,max' };
  const [column] = (await ask(reader, { query })).columns;
  const values = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  expect(column).toMatchObject({ last: values, max: values });
  expect(column).not.toHaveProperty('mean');
});

test('of what the finest tier has dropped for want of room, longer buckets are told', async () => {
  const reader = new KeptSamples();
  for (let second = 0; second < 600; second++)
    reader.keep('web-1', now - 3 * hour + second * 1_000, { 'cpu.user': second });
  reader.keptFrom = [now - 2 * hour, 0, 0, 0, 0];
  const query = { series: 'cpu.user', from: now - 3 * hour, to: now - 3 * hour + 600_000, points: 600 };
  const { begin, columns, gaps } = await ask(reader, { query });
  expect(begin).toMatchObject({ stepMs: 10_000, tierMs: 10_000 });
  expect(columns[0]!.mean).toHaveLength(60);
  expect(gaps[0]!.gaps).toEqual([]);
});

test('what is missing is told with its reason: before, between, and after', async () => {
  const reader = new KeptSamples();
  for (let second = 0; second < 600; second++)
    if (second < 100 || second >= 200) reader.keep('web-1', now - 600_000 + second * 1_000, {});
  const entries: ChronicleEntry[] = [
    { what: 'gap', host: 'web-1', from: now - 500_000, to: now - 400_000, reason: 'asleep' },
    { what: 'gap', host: 'db-1', from: now - 300_000, to: now - 200_000, reason: 'spool-overflow' },
  ];
  const query = { series: 'cpu.idle', from: now - hour, to: now + 2 * hour, points: 10_000 };
  const { gaps } = await ask(reader, { query, entries });
  expect(gaps[0]!.gaps).toEqual([
    { from: now - hour, to: now - 600_000, reason: 'before-first' },
    { from: now - 500_000, to: now - 400_000, reason: 'asleep' },
    { from: now, to: now + 2 * hour, reason: 'not-yet' },
  ]);
  const old = { series: 'cpu.idle', from: now - 800 * day, to: now, points: 10_000 };
  expect((await ask(reader, { query: old, entries })).gaps[0]!.gaps.map(({ reason }) => reason)).toEqual([
    'past-retention',
    'before-first',
  ]);
});

describe('what a reader may not see', () => {
  test('buckets that begin before a share does are left out, and their place says why', async () => {
    const reader = new KeptSamples();
    for (let second = 0; second < 600; second++)
      reader.keep('web-1', now - 600_000 + second * 1_000, { 'cpu.user': second });
    const query = { series: 'cpu.user', from: now - 600_000, to: now, points: 60 };
    const since = now - 295_000;
    const entries: ChronicleEntry[] = [{ what: 'boot', host: 'web-1', time: now - 400_000 }];
    const told = await ask(reader, { query, sight: { extent: 'part', since }, entries });
    expect(told.begin).toMatchObject({ stepMs: 10_000, hosts: [{ keptSince: since }] });
    expect(told.columns[0]!.start).toBe(now - 290_000);
    expect(told.columns[0]!.min![0]).toBe(310);
    expect(told.gaps[0]).toMatchObject({
      gaps: [{ from: now - 600_000, to: now - 290_000, reason: 'not-shared' }],
      marks: [],
    });
    const live = await ask(reader, { query, sight: { extent: 'part', since: 'live' } });
    expect(live.columns).toEqual([]);
    expect(live.begin.hosts[0]!.keptSince).toBeNull();
    expect(live.gaps[0]!.gaps).toEqual([{ from: now - 600_000, to: now, reason: 'not-shared' }]);
  });

  test('hosts and devices go by the names the sight gives them, in what is asked and what is told', async () => {
    const reader = new KeptSamples();
    for (let second = 0; second < 60; second++)
      reader.keep('web-1', now - 60_000 + second * 1_000, {
        'net.wg-acme.receive': 1,
        'net.eth0.receive': 2,
      });
    const show: Sight['show'] = (event) => {
      if (event.name !== 'backfill') return event;
      const series = Object.entries(event.data.series).map(([key, column]) => [
        key.replace('acme', 'x'),
        column,
      ]);
      return {
        name: 'backfill',
        data: { ...event.data, host: 'host-a', series: Object.fromEntries(series) },
      };
    };
    const asked = async (series: string) =>
      ask(reader, { query: { series, from: now - 60_000, to: now }, sight: { show } });
    const { records, columns } = await asked('net.*');
    expect(columns.map(({ host, series }) => [host, series])).toEqual([
      ['host-a', 'net.wg-x.receive'],
      ['host-a', 'net.eth0.receive'],
    ]);
    expect(JSON.stringify(records)).not.toMatch(/web-1|acme/);
    expect((await asked('net.wg-x.receive')).columns).toHaveLength(1);
    expect((await asked('net.wg-acme.receive')).columns).toEqual([]);
  });

  test('what keeps samples from being kept is told to who sees a part without the names of files', async () => {
    const reader = new KeptSamples();
    reader.trouble = '/var/lib/watchline is full.';
    const query = { series: 'cpu.user' };
    expect((await ask(reader, { query })).begin.trouble).toBe('/var/lib/watchline is full.');
    const part = await ask(reader, { query, sight: { extent: 'part' } });
    expect(part.begin.trouble).toBe('Samples are not kept at this moment.');
  });
});

test('a question for too much is refused before anything is told', async () => {
  const reader = new KeptSamples();
  const values = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`core.${at}.busy`, 1]));
  reader.keep('web-1', now - 1_000, values);
  const query = { series: '*', from: now - 10_000_000, to: now, points: MAX_HISTORY_POINTS };
  await expect(ask(reader, { query })).rejects.toMatchObject({ status: 400, code: 'history-too-much' });
});
