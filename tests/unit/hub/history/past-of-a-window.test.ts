/** What was running in a window and what changed, beside the time before it. */
import { describe, expect, test } from 'vitest';
import { everything, type Sight } from '../../../../hub/access/sight.ts';
import { changeWords } from '../../../../shared/changes/change-words.ts';
import { KeptSince } from '../../../../hub/history/query/kept-since.ts';
import { pastChangesOf } from '../../../../hub/history/query/past-changes.ts';
import { pastProcessesOf } from '../../../../hub/history/query/past-processes.ts';
import type { ScoredChange } from '../../../../shared/changes/change-score.ts';
import { historyChanges, pastProcesses } from '../../../../shared/schema/history.ts';
import type { ProcessRow } from '../../../../shared/schema/processes.ts';
import { processesOf } from '../../../support/observations.ts';
import { KeptSamples } from '../../../support/kept-samples.ts';

const minute = 60_000;
const now = Math.floor(Date.now() / minute) * minute;
const window = { from: now - 5 * minute, to: now };
const { signal } = new AbortController();

const rowOf = (pid: number, changes: Partial<ProcessRow>): ProcessRow => ({
  ...processesOf().rows[0]!,
  pid,
  name: `p${pid}`,
  command: `/bin/p${pid}`,
  cpuPercent: 0,
  residentBytes: 0,
  ...changes,
});

/** A table every ten seconds; `rowsAt` is asked for the seconds since the beginning of the window. */
function keepTables(reader: KeptSamples, from: number, rowsAt: (second: number) => ProcessRow[]): void {
  const tables = [];
  for (let time = from; time < now; time += 10_000)
    tables.push({ time, total: 80, running: 1, rows: rowsAt((time - window.from) / 1_000) });
  reader.tables.set('web-1', tables);
  reader.keep('web-1', from, {});
}

describe('processes', () => {
  const askWith = async (reader: KeptSamples, sight: Partial<Sight> = {}, more = {}) =>
    pastProcesses.parse(
      await pastProcessesOf({
        reader,
        keptSince: new KeptSince(reader),
        sight: { ...everything, ...sight },
        host: 'web-1',
        window,
        limit: 30,
        signal,
        ...more,
      }),
    );

  test('each with what it took in the window and in the one before, the busiest first', async () => {
    const reader = new KeptSamples();
    keepTables(reader, now - 20 * minute, (second) => [
      rowOf(1, { cpuPercent: 10, residentBytes: 100 }),
      // Ran for one of the five minutes.
      ...(second >= 60 && second < 120 ? [rowOf(2, { cpuPercent: 300, writeBytesPerSecond: 50 })] : []),
      ...(second < 0 ? [rowOf(3, { cpuPercent: 40 })] : []),
    ]);
    const { rows, tables, before, keptSince } = await askWith(reader);
    expect(tables).toEqual({ now: 30, before: 30 });
    expect(before).toEqual({ from: now - 10 * minute, to: window.from });
    expect(keptSince).toBe(now - 20 * minute);
    expect(rows.map(({ name }) => name)).toEqual(['p2', 'p1', 'p3']);
    expect(rows[0]).toMatchObject({
      now: {
        // A process counts as nothing while it is not among the top.
        cpuPercent: { mean: 60, max: 300 },
        writeBytesPerSecond: { mean: 10, max: 50 },
        readBytesPerSecond: null,
        presence: 0.2,
      },
      before: null,
    });
    expect(rows[1]).toMatchObject({
      now: { cpuPercent: { mean: 10 }, presence: 1 },
      before: { cpuPercent: { mean: 10 }, presence: 1 },
    });
    expect(rows[2]).toMatchObject({ now: null, before: { cpuPercent: { mean: 40 } } });
  });

  test('who leads in memory or in writing is among few rows as well', async () => {
    const reader = new KeptSamples();
    const busy = Array.from({ length: 40 }, (_, at) => rowOf(100 + at, { cpuPercent: 50 + at }));
    keepTables(reader, window.from, () => [
      ...busy,
      rowOf(1, { residentBytes: 1e10 }),
      rowOf(2, { writeBytesPerSecond: 1e9 }),
    ]);
    const { rows } = await askWith(reader, {}, { limit: 6 });
    expect(rows).toHaveLength(6);
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['p139', 'p1', 'p2']));
  });

  test('of a long window pieces are looked at, evenly spread', async () => {
    const reader = new KeptSamples();
    const long = { from: now - 24 * 60 * minute, to: now };
    keepTables(reader, long.from, () => [rowOf(1, { cpuPercent: 5 })]);
    const { tables, rows } = await askWith(reader, {}, { window: long });
    expect(tables).toEqual({ now: 20 * 18, before: 0 });
    expect(rows[0]!.now).toMatchObject({ cpuPercent: { mean: 5 }, presence: 1 });
  });

  test('texts go through the sight, and what is from before it is not looked at', async () => {
    const reader = new KeptSamples();
    keepTables(reader, now - 20 * minute, (second) => [rowOf(second < 60 ? 1 : 2, { cpuPercent: 5 })]);
    const show: Sight['show'] = (event) => {
      if (event.name === 'backfill') return { ...event, data: { ...event.data, host: 'host-a' } };
      if (event.name !== 'processes') return null;
      return {
        ...event,
        data: { ...event.data, rows: event.data.rows.map((row) => ({ ...row, command: '[secret]' })) },
      };
    };
    const answer = await askWith(reader, { show, since: window.from + minute });
    expect(answer).toMatchObject({ host: 'host-a', tables: { now: 24, before: 0 } });
    expect(answer.rows.map(({ pid, command }) => [pid, command])).toEqual([[2, '[secret]']]);
    expect(await askWith(reader, { since: 'live' })).toMatchObject({ rows: [], keptSince: null });
  });
});

describe('changes', () => {
  const askWith = async (reader: KeptSamples, sight: Partial<Sight> = {}) =>
    historyChanges.parse(
      await pastChangesOf({
        reader,
        keptSince: new KeptSince(reader),
        sight: { ...everything, ...sight },
        host: 'web-1',
        window,
        limit: 20,
        signal,
      }),
    );

  test('the series that moved most comes first, and says so in words', async () => {
    const reader = new KeptSamples();
    for (let time = now - 20 * minute; time < now; time += 1_000) {
      const isNow = time >= window.from;
      reader.keep('web-1', time, {
        'cpu.iowait': isNow ? 61 : 0.4,
        'net.eth0.receive': isNow ? 3 * 2 ** 20 : 2 ** 20,
        'cpu.user': 5,
      });
    }
    const { changes, before, compared, stepMs } = await askWith(reader);
    expect(before).toEqual({ from: now - 10 * minute, to: window.from });
    expect([compared, stepMs]).toEqual([4, 3_000]);
    expect(changes.map(({ words }) => words)).toEqual([
      'CPU iowait rose from 0.4 % to 61 %, 60.6 times its usual spread.',
      'Network eth0 receive rose from 1 MiB/s to 3 MiB/s, 8 times its usual spread.',
    ]);
    expect(changes[0]).toMatchObject({ direction: 'up', before: { count: 100 }, now: { count: 100 } });
    // Nothing from before the share: then there is nothing to compare with.
    expect((await askWith(reader, { since: window.from })).changes).toEqual([]);
  });

  test.each<[Partial<ScoredChange>, string]>([
    [{ before: null, direction: 'appeared' }, 'Memory used appeared, at 2 KiB.'],
    [{ now: null, direction: 'vanished' }, 'Memory used vanished; before, it was at 1 KiB.'],
    [{ direction: 'up' }, 'Memory used rose from 1 KiB to 2 KiB, 12.3 times its usual spread.'],
    [
      { direction: 'up', now: { median: 1024, min: 0, max: 5 * 2 ** 30, count: 9 } },
      'The peak of memory used went from 4 KiB to 5 GiB, 12.3 times its usual spread.',
    ],
    [
      { direction: 'down', now: { median: 1024, min: 0, max: 9_000, count: 9 } },
      'The low of memory used went from 512 B to 0 B, 12.3 times its usual spread.',
    ],
  ])('in words: %j', (change, words) => {
    const series = 'memory.used';
    const [now, before] = [
      { median: 2048, min: 1024, max: 4096, count: 9 },
      { median: 1024, min: 512, max: 4096, count: 9 },
    ];
    expect(changeWords({ series, score: 12.34, direction: 'up', now, before, ...change })).toBe(words);
  });
});
