/** Temperatures the page remembers. */
import { expect, test } from 'vitest';
import { SensorHistory } from '../../../../renderer/screens/host/sensor-history.ts';
import type { Sensors } from '../../../../shared/schema/slow-tiers.ts';

function reading(time: number, celsius: Record<string, number>): Sensors {
  const temperatures = Object.entries(celsius).map(([label, value]) => ({
    label,
    celsius: value,
    criticalCelsius: null,
  }));
  return { host: 'a', time, temperatures, fans: [], battery: null };
}

test('a window of columns, unknown where a sensor was away', () => {
  const history = new SensorHistory();
  history.add(reading(1000, { cpu: 40 }));
  history.add(reading(6000, { cpu: 50, nvme: 30 }));
  history.add(reading(6000, { cpu: 99 }));
  const { times, columns } = history.window(['cpu', 'nvme'], { from: 0, to: 9000 });
  expect([...times]).toEqual([1000, 6000]);
  expect(columns.map((column) => [...column])).toEqual([
    [40, 50],
    [Number.NaN, 30],
  ]);
  expect(history.intervalMs).toBe(5000);
});

test('says that nothing is kept of the time before the first reading', () => {
  const history = new SensorHistory();
  history.add(reading(10_000, { cpu: 40 }));
  expect(history.gapIn({ from: 0, to: 9_000 })).toMatchObject({
    reason: 'not kept that long',
    isExpected: true,
  });
  expect(history.gapIn({ from: 12_000, to: 60_000 })).toBeNull();
});

test('holds a bounded number of readings', () => {
  const history = new SensorHistory();
  for (let i = 0; i < 1000; i++) history.add(reading(i * 5000, { cpu: 40 }));
  expect(history.window(['cpu'], { from: 0, to: 1e9 }).times.length).toBe(180);
});
