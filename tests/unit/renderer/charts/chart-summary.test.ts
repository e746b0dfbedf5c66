/** What a chart says to somebody who does not see it. */
import { describe, expect, test } from 'vitest';
import type { SampleWindow } from '../../../../renderer/charts/buckets.ts';
import type { ChartSpec } from '../../../../renderer/charts/chart-spec.ts';
import { chartSummary, spanText, trend } from '../../../../renderer/charts/chart-summary.ts';
import { percentUnit } from '../../../../renderer/charts/units.ts';
import { formatClock } from '../../../../renderer/format/time.ts';
import type { Alert } from '../../../../shared/schema/alerts.ts';
import { alertOf } from '../../../support/alert-of.ts';

const spec: ChartSpec = {
  title: 'CPU',
  unit: percentUnit,
  axis: { kind: 'fixed', max: 100 },
  series: [
    { label: 'user', colour: 's1', keys: ['user'] },
    { label: 'steal', colour: 's5', keys: ['steal'] },
  ],
};
const times = Float64Array.from({ length: 10 }, (_, i) => 1_764_000_000_000 + i * 1000);

const now = times[9]!;

function summaryOf(samples: SampleWindow, spanMs: number, alerts: readonly Alert[] = []): string {
  return chartSummary(spec, samples, { from: now - spanMs, to: now }, { now, alerts });
}

describe('chartSummary', () => {
  test('names now, the peak and its time, and the trend', () => {
    const user = Float64Array.of(1, 1, 1, 97, 1, 1, 1, 1, 40, 42);
    const steal = new Float64Array(10).fill(Number.NaN);
    expect(summaryOf({ times, columns: [user, steal] }, 300_000)).toBe(
      `CPU, 5 min: user now 42.0 %, peak 97.0 % at ${formatClock(times[3]!)}, rising; steal unknown`,
    );
  });

  test('says so where there is nothing', () => {
    const nothing = { times: new Float64Array(), columns: [new Float64Array(), new Float64Array()] };
    expect(summaryOf(nothing, 60_000)).toBe('CPU, 60 s: no data');
    expect(summaryOf(nothing, 60_000, [alertOf('web-1', { firedAt: now - 30_000 })])).toBe(
      'CPU, 60 s: no data. 1 alert in this window',
    );
  });

  test('counts the alerts that fired in the window, and no others', () => {
    const columns = [new Float64Array(10).fill(1), new Float64Array(10)];
    const fires = (firedAt: number, endedAt: number | null) => alertOf('web-1', { firedAt, endedAt });
    const alerts = [
      fires(now - 90_000, now - 61_000),
      fires(now - 90_000, now - 30_000),
      fires(now - 10_000, null),
      fires(now + 1_000, null),
    ];
    expect(summaryOf({ times, columns }, 60_000, alerts)).toMatch(/steady\. 2 alerts in this window$/);
  });
});

test('a trend is a change that matters', () => {
  expect(trend(Float64Array.of(50, 51, 50, 49, 50, 50))).toBe('steady');
  expect(trend(Float64Array.of(50, 50, 50, 50, 50, 10))).toBe('falling');
  expect(trend(Float64Array.of(0, 0, 0, 0, 0, 0))).toBe('steady');
});

test('spans read as people say them', () => {
  expect([60_000, 300_000, 5_400_000, 259_200_000].map(spanText)).toEqual([
    '60 s',
    '5 min',
    '1.5 h',
    '3 days',
  ]);
});
