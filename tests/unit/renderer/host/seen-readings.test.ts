/** Filesystems and sensors that the page remembers. */
import { expect, test } from 'vitest';
import { SeenReadings } from '../../../../renderer/screens/host/seen-readings.ts';
import { sensorSource } from '../../../../renderer/screens/host/sensor-source.ts';
import type { Sensors } from '../../../../shared/schema/slow-tiers.ts';
import { eachSensorSeries } from '../../../../shared/slow-series.ts';

const [cpu, nvme] = ['temperature.cpu.celsius', 'temperature.nvme.celsius'];

function reading(time: number, celsius: Record<string, number>): Sensors {
  const temperatures = Object.entries(celsius).map(([label, value]) => ({
    label,
    celsius: value,
    criticalCelsius: null,
  }));
  return { host: 'a', time, temperatures, fans: [], battery: null };
}

function seenOf(...readings: Sensors[]): SeenReadings<Sensors> {
  const seen = new SeenReadings<Sensors>(eachSensorSeries);
  for (const each of readings) seen.add(each);
  return seen;
}

test('a window of columns, unknown where a sensor was away; what is no newer is left out', () => {
  const seen = seenOf(
    reading(1_000, { cpu: 40 }),
    reading(6_000, { cpu: 50, nvme: 30 }),
    reading(6_000, { cpu: 99 }),
  );
  const { times, columns } = seen.window([cpu, nvme], 0, 9_000);
  expect([...times]).toEqual([1_000, 6_000]);
  expect(columns.map((column) => [...column])).toEqual([
    [40, 50],
    [NaN, 30],
  ]);
  expect(seen.intervalMs).toBe(5_000);
  expect(seen.oldest).toBe(1_000);
  expect(seen.keys()).toEqual([cpu, nvme]);
});

test('between two readings the one before holds, until three are missing', () => {
  const seen = seenOf(reading(100_000, { cpu: 40 }), reading(110_000, { cpu: 50 }));
  const at = [99_999, 100_000, 109_999, 110_000, 140_000, 140_001];
  expect(at.map((time) => seen.at(time)?.temperatures[0]!.celsius)).toEqual([
    undefined,
    40,
    40,
    50,
    50,
    undefined,
  ]);
  expect([...seen.columnsAt([cpu], at)[0]!]).toEqual([NaN, 40, 40, 50, 50, NaN]);
});

test('holds a quarter of an hour', () => {
  const seen = seenOf(...Array.from({ length: 1_000 }, (_, index) => reading(index * 5_000, { cpu: 40 })));
  expect(seen.window([cpu], 0, 1e9).times.length).toBe(181);
});

test('before the first reading its chart has what the hub kept, and says where nobody kept it', () => {
  const sensors = seenOf(reading(100_000, { cpu: 50 }), reading(105_000, { cpu: 51 }));
  const asked: unknown[] = [];
  const kept = { times: Float64Array.of(90_000), columns: [Float64Array.of(45)] };
  const source = sensorSource({
    state: { id: 'a' },
    sensors,
    past: {
      window(request) {
        asked.push([request.keys, request.to]);
        return { ...kept, lows: kept.columns, highs: kept.columns, stepMs: 1_000, holes: [] };
      },
    },
    board: { gapIn: () => null },
  });
  const { times, columns } = source.window([cpu], { from: 80_000, to: 110_000 }, 400);
  expect([...times]).toEqual([90_000, 100_000, 105_000]);
  expect([...columns[0]!]).toEqual([45, 50, 51]);
  expect(asked).toEqual([[[cpu], 100_000]]);
  expect([...source.window([cpu], { from: 101_000, to: 110_000 }, 400).times]).toEqual([100_000, 105_000]);
  expect(source.gapIn({ from: 0, to: 9_000 })).toMatchObject({
    reason: 'not kept that long',
    isExpected: true,
  });
  expect(source.gapIn({ from: 101_000, to: 160_000 })).toBeNull();
});
