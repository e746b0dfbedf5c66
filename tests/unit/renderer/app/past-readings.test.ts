/** Filesystems and sensors of a moment, from what the history says of their series. */
import { expect, test } from 'vitest';
import { filesystemsAt, sensorsAt } from '../../../../renderer/app/past-readings.ts';
import type { HistoryRecord } from '../../../../shared/schema/history.ts';
import { filesystems, sensors } from '../../../../shared/schema/slow-tiers.ts';
import { eachFilesystemSeries, eachSensorSeries } from '../../../../shared/slow-series.ts';
import { historyParts } from '../../../support/bundle-text.ts';
import { filesystemsOf, sensorsOf, startTime } from '../../../support/observations.ts';

const [root] = filesystemsOf().mounts;
const second = 1_000;

function recordsOf(...moments: Map<string, number>[]): HistoryRecord[] {
  const keys = new Set(moments.flatMap((values) => [...values.keys()]));
  const series = Object.fromEntries(
    [...keys].map((key) => [key, moments.map((values) => values.get(key) ?? null)]),
  );
  return historyParts('web-1', series).map(({ record }) => record);
}

function spaceOf(...mounts: { mount: string; usedBytes: number }[]): Map<string, number> {
  const values = new Map<string, number>();
  const told = { mounts: mounts.map((each) => ({ ...root!, ...each })) };
  eachFilesystemSeries(told, (key, value) => value !== null && values.set(key, value));
  return values;
}

test('what was mounted then, with what is known of it now', () => {
  const records = recordsOf(
    spaceOf({ mount: '/', usedBytes: 1 }, { mount: '/old', usedBytes: 5 }),
    spaceOf({ mount: '/', usedBytes: 2 }, { mount: '/mnt/a,b', usedBytes: 6 }),
    spaceOf({ mount: '/', usedBytes: 3 }),
  );
  const at = filesystemsAt(records, 'web-1', startTime + 2 * second, filesystemsOf('web-1', '/'))!;
  expect(filesystems.safeParse(at).success).toBe(true);
  expect(at.time).toBe(startTime + 2 * second);
  expect(at.mounts).toEqual([
    { ...root!, usedBytes: 2 },
    { ...root!, mount: '/mnt/a,b', usedBytes: 6, device: '', type: '' },
  ]);
  expect(filesystemsAt(records, 'web-1', startTime + 60 * second, null)!.mounts).toMatchObject([
    { mount: '/', usedBytes: 3, type: '' },
  ]);
  expect(filesystemsAt(records, 'web-1', startTime, null)).toBeNull();
  expect(filesystemsAt(records, 'db-1', startTime + 60 * second, null)).toBeNull();
  expect(filesystemsAt([], 'web-1', startTime, null)).toBeNull();
});

test('sensors, also several of one label', () => {
  const [temperature] = sensorsOf().temperatures;
  const then = { ...sensorsOf(), temperatures: [temperature!, { ...temperature!, celsius: 70 }] };
  const values = new Map<string, number>();
  eachSensorSeries(then, (key, value) => value !== null && values.set(key, value));
  const at = sensorsAt(recordsOf(values), 'web-1', startTime + second, sensorsOf())!;
  expect(sensors.safeParse(at).success).toBe(true);
  expect(at).toEqual({
    host: 'web-1',
    time: startTime + second,
    temperatures: [temperature, { label: 'Package', celsius: 70, criticalCelsius: null }],
    fans: then.fans,
    battery: null,
  });
});
