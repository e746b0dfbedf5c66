/** The data of a chart as a file: what a spreadsheet reads, and nothing that it runs. */
import { expect, test } from 'vitest';
import { chartCsv } from '../../../../renderer/charts/copy/chart-csv.ts';
import { copyName, type ChartCopy } from '../../../../renderer/charts/copy/chart-copy.ts';

const from = Date.UTC(2026, 10, 21, 14, 3);
const area = { left: 0, top: 0, right: 100, bottom: 100 };
const copy: Omit<ChartCopy, 'canvas'> = {
  title: 'Disk I/O',
  subject: 'web-1/../x',
  unitName: 'bytes/s',
  series: [
    { label: 'read', colour: 's3' },
    { label: '=cmd|calc', colour: 's6' },
  ],
  legend: null,
  drawn: {
    area,
    span: { from, to: from + 2_000 },
    times: new Float64Array(),
    intervalMs: 1_000,
    moments: { stepMs: 1_000, now: from },
  },
  samples: {
    times: Float64Array.of(from - 1_000, from, from + 1_000, from + 3_000),
    columns: [Float64Array.of(9, 1 / 3, NaN, 9), Float64Array.of(9, -2, 4e9, 9)],
  },
};

test('one row per time shown; unknown is empty; a label that looks like a formula is none', () => {
  expect(chartCsv(copy)).toBe(
    'time,read (bytes/s),"\'=cmd|calc (bytes/s)"\r\n' +
      '2026-11-21T14:03:00.000Z,0.333333333,-2\r\n' +
      '2026-11-21T14:03:01.000Z,,4000000000\r\n',
  );
});

test('where rows stand for many samples their extremes stand beside them', () => {
  const extremes = { lows: copy.samples.columns, highs: copy.samples.columns };
  const [head, row] = chartCsv({
    ...copy,
    series: copy.series.slice(0, 1),
    samples: { ...copy.samples, extremes },
  }).split('\r\n');
  expect([head, row]).toEqual([
    'time,read (bytes/s),read min (bytes/s),read max (bytes/s)',
    '2026-11-21T14:03:00.000Z,0.333333333,0.333333333,0.333333333',
  ]);
});

test('the name of the file holds nothing that leads elsewhere', () => {
  expect(copyName(copy as ChartCopy, 'csv')).toMatch(/^disk-i-o-web-1-..-x-\d{4}-\d\d-\d\d-\d{4}\.csv$/);
  expect(copyName(copy as ChartCopy, 'csv')).not.toContain('/');
});
