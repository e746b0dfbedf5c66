/** Which rows are written of a host: the same, whether they come from memory or from the history. */
import { expect, test } from 'vitest';
import { newHostRecord } from '../../../../../hub/hosts/host-record.ts';
import type { BucketQuery, HistoryReader } from '../../../../../hub/history/store/history-reader.ts';
import { defaultLadder } from '../../../../../hub/history/store/ladder.ts';
import { historyStep, hostRows, writtenSeriesOf } from '../../../../../hub/interop/remote-write/host-rows.ts';
import { meansOf } from '../../../../../hub/interop/remote-write/mean-columns.ts';
import { hostOf, sampleOf } from '../../../../support/observations.ts';

const signal = new AbortController().signal;

test('a step holds the mean of what was measured in it, at its end; an empty one holds nothing', () => {
  const times = [0, 1_000, 4_999, 15_000].map((time) => 60_000 + time);
  // The history has the last two as well: they are written by their newest value, and not a second time.
  const slow = ['filesystem./.used', 'temperature.Package.celsius'].map(
    (key) => [key, [1, 1, 1, 1]] as const,
  );
  const series = { 'cpu.user': [10, 20, null, 40], ...Object.fromEntries(slow) };
  const columns = meansOf({ host: 'web-1', intervalMs: 1_000, times, series }, 60_000, 80_000, 5_000);
  expect(writtenSeriesOf('web-1', columns)).toEqual([
    {
      labels: { __name__: 'watchline_cpu_ratio', host: 'web-1', mode: 'user' },
      times: [65_000, 80_000],
      values: [0.15, 0.4],
    },
  ]);
});

test.each([
  [15_000, 1_000, 15_000],
  [15_000, 10_000, 30_000],
  [1_000, 10_000, 10_000],
  [60_000, 10_000, 60_000],
  [15_000, 60_000, 60_000],
])('steps of %i ms of what is kept by %i ms are of %i ms', (step, tier, expected) => {
  expect(historyStep(step, tier)).toBe(expected);
});

test('what is older than the ring, or than this start of the hub, comes from the history', async () => {
  const now = Math.floor(Date.now() / 1_000) * 1_000;
  const record = newHostRecord(hostOf('web-1', { lastSeen: now }), 'web-1', null);
  for (let second = 10; second > 0; second--)
    record.recent.push(sampleOf('web-1', 1, { time: now - second * 1_000 }));
  const asked: BucketQuery[] = [];
  const history = scriptedHistory(asked);
  const rows = async (from: number, startedAt: number, step = 1_000) =>
    await hostRows(record, from, now, step, { history: () => history, startedAt }, signal);

  const recent = await rows(now - 5_000, now - 60_000);
  expect(recent).toMatchObject({ until: now, columns: { start: now - 5_000 } });
  expect(recent.columns.series.get('cpu.user')).toHaveLength(5);
  expect(asked).toEqual([]);

  await rows(now - 5_000, now - 2_000);
  expect(asked.at(-1)).toMatchObject({ from: now - 5_000, to: now, stepMs: 1_000, series: null });
  await rows(now - 3_600_000, 0);
  expect(asked.at(-1)).toMatchObject({ from: now - 3_600_000, stepMs: 1_000 });
  const old = Math.floor((now - 3 * 86_400_000) / 15_000) * 15_000;
  const { until } = await rows(old, 0, 15_000);
  expect(asked.at(-1)).toMatchObject({ from: old, stepMs: 30_000 });
  expect(until % 30_000).toBe(0);
});

test('where room was short, steps are as long as what is left', async () => {
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  const record = newHostRecord(hostOf('web-1', { lastSeen: now }), 'web-1', null);
  const asked: BucketQuery[] = [];
  const history = scriptedHistory(asked, [now - 3_600_000, 0, 0, 0, 0]);
  const parts = { history: () => history, startedAt: now };
  await hostRows(record, now - 7_200_000, now, 15_000, parts, signal);
  expect(asked.at(-1)).toMatchObject({ stepMs: 30_000 });
});

function scriptedHistory(asked: BucketQuery[], keptFrom: readonly number[] = []): HistoryReader {
  return {
    ladder: defaultLadder,
    trouble: null,
    buckets: (query) => {
      asked.push(query);
      return Promise.resolve({
        host: 'web-1',
        start: query.from,
        stepMs: query.stepMs,
        length: 0,
        series: [],
        trouble: null,
      });
    },
    processes: () => Promise.resolve([]),
    extent: () => Promise.resolve({ oldest: null, newest: null, keptFrom }),
  };
}
