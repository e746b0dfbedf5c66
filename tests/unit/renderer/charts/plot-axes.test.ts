/** Which values of an axis are named. */
import { describe, expect, test } from 'vitest';
import type { ChartSpec } from '../../../../renderer/charts/chart-spec.ts';
import { valueTicks } from '../../../../renderer/charts/plot-axes.ts';
import { bitRateUnit, byteRateUnit, bytesUnit, percentUnit } from '../../../../renderer/charts/units.ts';

const gib = 1024 ** 3;
const specOf = (part: Partial<ChartSpec>): ChartSpec => ({
  title: '',
  unit: percentUnit,
  axis: { kind: 'auto', floor: 1 },
  series: [],
  ...part,
});
const labels = (spec: ChartSpec, min: number, max: number, step: number): string[] =>
  valueTicks(spec, { min, max, step }).map((tick) => tick.label);

describe('valueTicks', () => {
  test('both halves of a mirrored axis read as amounts', () => {
    expect(labels(specOf({ unit: byteRateUnit }), -65536, 65536, 65536)).toEqual([
      '64 KiB/s',
      '0',
      '64 KiB/s',
    ]);
    expect(labels(specOf({ unit: bitRateUnit }), 0, 1e8, 5e7)).toEqual(['0', '50 Mbit/s', '100 Mbit/s']);
  });

  test('the whole of a memory is named even where it is no multiple', () => {
    expect(labels(specOf({ unit: bytesUnit }), 0, 15.5 * gib, 4 * gib)).toEqual([
      '0',
      '4 GiB',
      '8 GiB',
      '12 GiB',
      '15.5 GiB',
    ]);
    expect(labels(specOf({ unit: bytesUnit }), 0, 16.8 * gib, 8 * gib)).toEqual(['0', '8 GiB', '16.8 GiB']);
  });

  test('a threshold takes the place of the tick beside it, and shows only where it fits', () => {
    const spec = specOf({ thresholds: [{ value: 8, label: '8 cores' }] });
    const ticks = valueTicks(spec, { min: 0, max: 10, step: 5 });
    expect(ticks.map((tick) => tick.label)).toEqual(['0', '8 cores']);
    expect(valueTicks(spec, { min: 0, max: 6, step: 2 }).some((tick) => tick.kind === 'threshold')).toBe(
      false,
    );
  });

  test('a threshold right above zero has its word to itself: the line of zero is drawn without one', () => {
    const spec = specOf({ thresholds: [{ value: 2, label: '2 cores' }] });
    const words = valueTicks(spec, { min: 0, max: 30, step: 10 }).map(({ value, label }) => [value, label]);
    expect(words).toEqual([
      [0, ''],
      [10, '10 %'],
      [20, '20 %'],
      [30, '30 %'],
      [2, '2 cores'],
    ]);
  });
});
