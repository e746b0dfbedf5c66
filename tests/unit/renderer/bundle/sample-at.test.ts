/** The newest sample of a window, put together from its series. */
import { expect, test } from 'vitest';
import { newestTime, sampleAt, withValues } from '../../../../renderer/bundle/save/sample-at.ts';
import type { HistoryRecord } from '../../../../shared/schema/history.ts';
import { sample as sampleSchema } from '../../../../shared/schema/sample.ts';
import { eachSeries } from '../../../../shared/series.ts';
import { historyParts } from '../../../support/bundle-text.ts';
import { sampleOf, startTime } from '../../../support/observations.ts';

function valuesOf(index: number): Map<string, number> {
  const values = new Map<string, number>();
  eachSeries(sampleOf('web-1', index), (key, value) => value !== null && values.set(key, value));
  return values;
}

test('every series of a sample finds its place in another', () => {
  const rebuilt = withValues(sampleOf('web-1', 3), valuesOf(71));
  const told = new Map<string, number | null>();
  eachSeries(rebuilt, (key, value) => told.set(key, value));
  for (const [key, value] of valuesOf(71)) expect([key, told.get(key)]).toEqual([key, value]);
  expect(sampleSchema.safeParse(rebuilt).success).toBe(true);
});

test('is of the newest bucket with a value', () => {
  const series = Object.fromEntries([...valuesOf(42)].map(([key, value]) => [key, [1, value, null]]));
  const records: HistoryRecord[] = historyParts('web-1', series).map(({ record }) => record);
  expect(newestTime(records)).toBe(startTime + 1_000);
  expect(sampleAt(sampleOf('web-1', 9), records)).toMatchObject({
    time: startTime + 1_000,
    cpu: { user: 42, idle: 58, cores: [42, 42] },
    uptimeSeconds: 86_401,
  });
});

test('is none where nothing was measured, or no sample tells of the devices', () => {
  const records = historyParts('web-1', { 'cpu.idle': [1] }).map(({ record }) => record);
  expect(sampleAt(null, records)).toBeNull();
  expect(sampleAt(sampleOf(), [])).toBeNull();
});
