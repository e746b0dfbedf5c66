/** Samples become what is drawn: summed, stacked, mirrored, broken at gaps. */
import { describe, expect, test } from 'vitest';
import { chartFrame } from '../../../../renderer/charts/chart-frame.ts';
import type { ChartSpec } from '../../../../renderer/charts/chart-spec.ts';
import { PointPool } from '../../../../renderer/charts/point-pool.ts';
import { bitRateUnit, percentUnit } from '../../../../renderer/charts/units.ts';

const view = { from: 0, to: 3000, intervalMs: 1000, width: 500 };
const times = Float64Array.of(0, 1000, 2000, 3000);

const stack: ChartSpec = {
  title: 'CPU',
  unit: percentUnit,
  axis: { kind: 'fixed', max: 100 },
  series: [
    { label: 'user', colour: 's1', keys: ['user', 'nice'], isStacked: true },
    { label: 'steal', colour: 's5', keys: ['steal'], isStacked: true },
    { label: 'system', colour: 's4', keys: ['system'], isStacked: true },
  ],
};

describe('chartFrame', () => {
  const columns = [
    Float64Array.of(1, 2, 3, 4),
    Float64Array.of(1, 1, 1, 1),
    Float64Array.of(5, Number.NaN, 5, 5),
    Float64Array.of(10, 10, 10, 10),
  ];
  const frame = chartFrame(stack, { times, columns }, view);

  test('adds up the keys of a series, and reads values unstacked', () => {
    expect([...frame.samples.columns[0]!]).toEqual([2, 3, 4, 5]);
    expect([...frame.samples.columns[2]!]).toEqual([10, 10, 10, 10]);
  });

  test('stacks; what is unknown is not drawn and adds nothing to the layer above', () => {
    expect([...frame.plotted.columns[1]!]).toEqual([7, Number.NaN, 9, 10]);
    expect([...frame.plotted.columns[2]!]).toEqual([17, 13, 19, 20]);
    expect(frame.peak).toBe(20);
  });

  test('mirrors below zero in the unit shown', () => {
    const network: ChartSpec = {
      title: 'Network',
      unit: bitRateUnit,
      axis: { kind: 'auto', floor: 1 },
      series: [
        { label: 'in', colour: 's1', keys: ['in'] },
        { label: 'out', colour: 's2', keys: ['out'], isMirrored: true },
      ],
    };
    const { plotted, samples, peak, trough } = chartFrame(
      network,
      { times, columns: [Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 5, 5, 10)] },
      view,
    );
    expect([...plotted.columns[1]!]).toEqual([-40, -40, -40, -80]);
    expect([...samples.columns[1]!]).toEqual([40, 40, 40, 80]);
    expect([peak, trough]).toEqual([32, -80]);
  });

  test('a peak between two drawn points still counts for the axis', () => {
    const many = Float64Array.from({ length: 900 }, (_, i) => i * 1000);
    const spiky = many.map((_, i) => (i === 401 ? 97 : 1));
    const quiet = new Float64Array(900);
    const wide = chartFrame(
      stack,
      { times: many, columns: [spiky, quiet, quiet, quiet] },
      { from: 0, to: 900_000, intervalMs: 1000, width: 90 },
    );
    expect(wide.plotted.times.length).toBeLessThanOrEqual(91);
    expect(wide.peak).toBe(97);
  });

  test('parts that peaked one after the other are told as no more than there is; a part alone is told as it was', () => {
    const lows = columns.map(() => Float64Array.of(0, 0, 0, 0));
    const highs = [85, 23, 3, 104].map((high) => Float64Array.of(high, high, high, high));
    const { samples } = chartFrame(
      stack,
      { times, columns, extremes: { lows, highs } },
      { ...view, stepMs: 2_000 },
    );
    expect(samples.extremes!.highs.map(([high]) => high)).toEqual([100, 3, 104]);
  });
});

describe('PointPool', () => {
  test('breaks the line inside a gap and nowhere else', () => {
    const pool = new PointPool();
    pool.write(Float64Array.of(0, 1000, 9000), Float64Array.of(1, 2, 3), 1000);
    expect(pool.points).toEqual([
      { x: 0, y: 1 },
      { x: 1000, y: 2 },
      { x: 2000, y: Number.NaN },
      { x: 9000, y: 3 },
    ]);
  });

  test('uses its points again', () => {
    const pool = new PointPool();
    pool.write(Float64Array.of(0, 1000), Float64Array.of(1, 2), 1000);
    const [first, second] = pool.points;
    pool.write(Float64Array.of(5000), Float64Array.of(7), 1000);
    pool.write(Float64Array.of(6000, 7000), Float64Array.of(8, 9), 1000);
    expect(pool.points[0]).toBe(first);
    expect(pool.points[1]).toBe(second);
    expect(pool.points).toEqual([
      { x: 6000, y: 8 },
      { x: 7000, y: 9 },
    ]);
  });
});
