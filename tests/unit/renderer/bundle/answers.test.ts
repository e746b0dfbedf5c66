/** What a bundle answers in the place of a hub: the same words, over what it holds. */
import { describe, expect, test } from 'vitest';
import { bundleFetch } from '../../../../renderer/bundle/answers/bundle-hub.ts';
import { rebucket } from '../../../../renderer/bundle/answers/rebucket.ts';
import type { Bundle } from '../../../../shared/bundle/bundle.ts';
import { BundleReader } from '../../../../shared/bundle/bundle-reader.ts';
import type { BundleRecord } from '../../../../shared/bundle/bundle-record.ts';
import { paths } from '../../../../shared/protocol.ts';
import {
  historyChanges,
  historyRecord,
  pastProcesses,
  type HistoryRecordOf,
  type PastProcess,
  type ProcessUse,
} from '../../../../shared/schema/history.ts';
import { pastAlerts, type Alert } from '../../../../shared/schema/alerts.ts';
import { contextAnswer, searchRecord } from '../../../../shared/schema/log-search.ts';
import { problem } from '../../../../shared/snapshot.ts';
import { alertOf } from '../../../support/alert-of.ts';
import { bundleHead, bundleText, historyParts } from '../../../support/bundle-text.ts';
import { hostOf, logLineOf } from '../../../support/observations.ts';

const { from, to } = bundleHead;
const host = { kind: 'event', name: 'host', data: hostOf('web-1') } as const;

function bundleOf(records: Exclude<BundleRecord, { kind: 'end' }>[]): Bundle {
  const reader = new BundleReader();
  reader.take(bundleText([host, ...records]));
  return reader.end();
}

async function ask(bundle: Bundle, path: string, query: Record<string, string> = {}, method = 'GET') {
  const url = `http://hub.example${path}?${new URLSearchParams(query).toString()}`;
  const answer = await bundleFetch(bundle)(url, { method });
  return { status: answer.status, text: await answer.text() };
}

async function recordsOf(bundle: Bundle, path: string, query: Record<string, string>) {
  const { text } = await ask(bundle, path, query);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

describe('history', () => {
  /** The same in a few plain words: every value by itself. */
  function naive(
    mean: (number | null)[],
    count: number[],
    stepMs: number,
    span: { from: number; to: number },
  ) {
    const buckets = new Map<number, { sum: number; count: number; min: number; max: number; last: number }>();
    mean.forEach((value, index) => {
      const start = Math.floor((from + index * 1_000) / stepMs) * stepMs;
      if (value === null || start + stepMs <= span.from || start >= span.to) return;
      const own = buckets.get(start) ?? { sum: 0, count: 0, min: Infinity, max: -Infinity, last: 0 };
      buckets.set(start, {
        sum: own.sum + value * count[index]!,
        count: own.count + count[index]!,
        min: Math.min(own.min, value),
        max: Math.max(own.max, value),
        last: value,
      });
    });
    return buckets;
  }

  test('every length of buckets says what all of its samples say', () => {
    let seed = 7;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const mean = Array.from({ length: 600 }, () => (random() < 0.2 ? null : Math.round(random() * 100)));
    const count = mean.map((value) => (value === null ? 0 : 1 + Math.floor(random() * 3)));
    const columns: HistoryRecordOf<'columns'> = {
      kind: 'columns',
      host: 'web-1',
      series: 'x',
      start: from,
      mean,
      count,
    };
    const fields = ['mean', 'min', 'max', 'last', 'count'] as const;
    for (let round = 0; round < 60; round++) {
      const stepMs = [1_000, 2_000, 5_000, 10_000, 60_000][round % 5]!;
      const start = from + Math.floor(random() * 500_000);
      const span = { from: start, to: start + 1 + Math.floor(random() * 200_000) };
      const told = rebucket(columns, { ...span, stepMs, ownStepMs: 1_000, fields });
      const expected = naive(mean, count, stepMs, span);
      const times = told?.mean?.map((_, index) => told.start + index * stepMs) ?? [];
      expect(times.filter((_, index) => told!.mean![index] !== null)).toEqual([...expected.keys()]);
      times.forEach((time, index) => {
        const own = expected.get(time);
        if (own === undefined) return;
        expect(told!.mean![index]).toBeCloseTo(own.sum / own.count, 9);
        expect([told!.min![index], told!.max![index], told!.last![index], told!.count![index]]).toEqual([
          own.min,
          own.max,
          own.last,
          own.count,
        ]);
      });
    }
  });

  test('answers in the words of a hub, never with more points than asked for', async () => {
    const values = Array.from({ length: 600 }, (_, second) => second);
    const bundle = bundleOf(
      historyParts('web-1', { 'cpu.user': values, 'net.eth0.receive': values, 'load.one': [1] }),
    );
    const query = {
      hosts: 'web-1',
      series: 'cpu.*,net.*.receive',
      from: String(from),
      to: String(to),
      points: '100',
    };
    const records = (await recordsOf(bundle, paths.history, query)).map((record) =>
      historyRecord.parse(record),
    );
    const begin = records[0] as HistoryRecordOf<'begin'>;
    expect(begin).toMatchObject({ kind: 'begin', stepMs: 10_000, from, to });
    const columns = records.filter((record) => record.kind === 'columns');
    expect(columns.map(({ series }) => series)).toEqual(['cpu.user', 'net.eth0.receive']);
    expect(columns[0]!.mean!.length).toBeLessThanOrEqual(100);
    expect(columns[0]).toMatchObject({
      min: expect.any(Array) as unknown,
      max: expect.any(Array) as unknown,
    });
    expect(records.at(-1)).toMatchObject({ kind: 'end', reason: 'complete' });
  });

  test('what lies outside of the bundle is a gap with its reason', async () => {
    const bundle = bundleOf(historyParts('web-1', { 'cpu.user': [1, 2, 3] }));
    const query = { hosts: 'web-1', from: String(from - 5_000), to: String(to + 5_000) };
    const records = (await recordsOf(bundle, paths.history, query)).map((record) =>
      historyRecord.parse(record),
    );
    expect(records.find(({ kind }) => kind === 'gaps')).toMatchObject({
      gaps: [
        { from: from - 5_000, to: from, reason: 'past-retention' },
        { from: to, to: to + 5_000, reason: 'not-yet' },
      ],
    });
  });
});

describe('processes', () => {
  const use = (cpu: number): ProcessUse => ({
    cpuPercent: { mean: cpu, max: cpu + 5 },
    residentBytes: { mean: 100, max: 200 },
    readBytesPerSecond: null,
    writeBytesPerSecond: { mean: 10, max: 20 },
    presence: 1,
  });
  const row = (pid: number, now: ProcessUse | null): PastProcess => ({
    pid,
    startTime: 5,
    name: `p${pid}`,
    command: `/bin/p${pid}`,
    user: 'app',
    now,
    before: null,
  });
  const part = (start: number, rows: PastProcess[], lengthMs = 60_000) =>
    ({
      kind: 'processes',
      answer: {
        host: 'web-1',
        window: { from: from + start, to: from + start + lengthMs },
        before: { from: from + start - lengthMs, to: from + start },
        tables: { now: lengthMs / 10_000, before: 0 },
        keptSince: from,
        rows,
      },
    }) as const;
  const bundle = bundleOf([
    part(0, [row(9, use(1))], to - from),
    part(0, [row(1, use(10)), row(2, use(2))]),
    part(60_000, [row(1, use(90)), row(3, use(4))]),
    part(120_000, [row(1, use(30))]),
  ]);

  test('a window within is put together from its parts, beside the parts before', async () => {
    const query = { host: 'web-1', from: String(from + 60_000), to: String(from + 180_000) };
    const told = pastProcesses.parse(JSON.parse((await ask(bundle, paths.historyProcesses, query)).text));
    expect(told.tables).toEqual({ now: 12, before: 6 });
    expect(told.rows.map(({ name }) => name)).toEqual(['p1', 'p3', 'p2']);
    expect(told.rows[0]!.now!.cpuPercent).toEqual({ mean: 60, max: 95 });
    expect(told.rows[0]!.before!.cpuPercent).toEqual({ mean: 10, max: 15 });
    // Among the top in half of the tables: it counts as nothing in the others.
    expect(told.rows[1]!.now).toMatchObject({
      cpuPercent: { mean: 2, max: 9 },
      // What it held in memory it did hold.
      residentBytes: { mean: 100, max: 200 },
      presence: 0.5,
      readBytesPerSecond: null,
    });
    expect(told.rows[2]).toMatchObject({ now: null });
  });

  test('of the whole window the answer is the one the hub gave', async () => {
    const query = { host: 'web-1', from: String(from), to: String(to) };
    const told = pastProcesses.parse(JSON.parse((await ask(bundle, paths.historyProcesses, query)).text));
    expect(told.rows.map(({ name }) => name)).toEqual(['p9']);
  });
});

test('what changed within the bundle is compared with the time before, by the same score', async () => {
  const values = Array.from({ length: 600 }, (_, second) => (second >= 300 ? 90 : 10));
  const bundle = bundleOf(historyParts('web-1', { 'cpu.user': values, 'cpu.system': values.map(() => 3) }));
  const query = { host: 'web-1', from: String(from + 300_000), to: String(from + 400_000) };
  const told = historyChanges.parse(JSON.parse((await ask(bundle, paths.historyChanges, query)).text));
  expect(told.changes.map(({ series, direction }) => [series, direction])).toEqual([['cpu.user', 'up']]);
});

describe('log lines', () => {
  const lines = ['GET /a 200', 'GET /b 500', 'timeout', 'GET /c 200'].map((text, index) => ({
    kind: 'line' as const,
    id: `abcd-${index + 1}`,
    line: logLineOf('web-1', index, {
      time: from + index * 1_000,
      text,
      level: index === 2 ? 'error' : 'info',
    }),
  }));
  const bundle = bundleOf(lines);
  const found = async (query: Record<string, string>) =>
    (await recordsOf(bundle, paths.logSearch, query)).map((record) => searchRecord.parse(record));

  test('are searched by the same filter, newest first, with a histogram and a place to go on', async () => {
    const records = await found({ filter: 'get -500', buckets: '10', limit: '1' });
    expect(records.map(({ kind }) => kind)).toEqual(['begin', 'line', 'end']);
    expect(records[1]).toMatchObject({ id: 'abcd-4' });
    expect(records[2]).toMatchObject({
      matched: 2,
      reason: 'limit',
      lastId: 'abcd-4',
      histogram: { info: [2, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
    });
    const rest = await found({ filter: 'get -500', before: 'abcd-4' });
    expect(rest.flatMap((record) => (record.kind === 'line' ? [record.id] : []))).toEqual(['abcd-1']);
  });

  test('none lie before a line that is not in the bundle', async () => {
    expect((await found({ before: 'wxyz-1' })).map(({ kind }) => kind)).toEqual(['begin', 'end']);
  });

  test('around one of them are its neighbours', async () => {
    const { text } = await ask(bundle, paths.logContext, { line: 'abcd-3', before: '1', after: '1' });
    const { lines: around, at, hasOlder, hasNewer } = contextAnswer.parse(JSON.parse(text));
    expect([around.map(({ id }) => id), at, hasOlder, hasNewer]).toEqual([
      ['abcd-2', 'abcd-3', 'abcd-4'],
      1,
      true,
      false,
    ]);
  });
});

test.each([
  ['POST', paths.notes, {}, 404, 'not-in-bundle'],
  ['GET', paths.hosts, {}, 404, 'not-in-bundle'],
  ['GET', '/constructor', {}, 404, 'not-in-bundle'],
  ['GET', paths.logSearch, { filter: '"' }, 400, 'bad-filter'],
  ['GET', paths.logContext, { line: 'wxyz-1' }, 404, 'unknown-line'],
  ['GET', paths.history, { hosts: 'other' }, 404, 'unknown-host'],
  ['GET', paths.history, { from: 'now' }, 400, 'bad-parameter'],
])('%s %s %j is refused as a hub refuses', async (method, path, query, status, code) => {
  const answer = await ask(bundleOf([]), path, query, method);
  expect([answer.status, problem.parse(JSON.parse(answer.text)).error.code]).toEqual([status, code]);
});

test('alerts are those that went on within a stretch of time, by when they fired', async () => {
  const alert = (id: string, since: number, changes: Partial<Alert>) =>
    ({
      kind: 'event',
      name: 'alert',
      data: alertOf('web-1', { id, since: from + since, firedAt: from + since + 1, ...changes }),
    }) as const;
  const bundle = bundleOf([
    alert('later0001', 50_000, {}),
    alert('first0001', 0, { endedAt: from + 10_000, ending: 'cleared' }),
    alert('other0001', 5_000, { host: 'db-1' }),
  ]);
  const idsOf = async (query: Record<string, string>) => {
    const answer = pastAlerts.parse(JSON.parse((await ask(bundle, paths.alerts, query)).text));
    expect(answer.isCut).toBe(false);
    return answer.alerts.map(({ id }) => id);
  };
  expect(await idsOf({})).toEqual(['first0001', 'other0001', 'later0001']);
  expect(await idsOf({ hosts: 'web-1' })).toEqual(['first0001', 'later0001']);
  expect(await idsOf({ from: String(from + 10_001), to: String(from + 49_999) })).toEqual(['other0001']);
  expect((await ask(bundle, paths.alertRules)).status).toBe(404);
});
