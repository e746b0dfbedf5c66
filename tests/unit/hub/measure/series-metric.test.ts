/** What series are called among Prometheus' metrics. */
import { expect, test } from 'vitest';
import { scaled, seriesMetricOf } from '../../../../hub/measure/series-metric.ts';
import { eachSeries } from '../../../../shared/series.ts';
import { sampleOf } from '../../../support/observations.ts';

const totals = ['disk.read', 'disk.write', 'net.receive', 'net.transmit'];

test('every series but the totals of others has a name, and no two have the same', () => {
  const names = new Map<string, string>();
  const nameless: string[] = [];
  eachSeries(sampleOf(), (key) => {
    const metric = seriesMetricOf(key);
    if (metric === null) return nameless.push(key);
    const name = metric.family + JSON.stringify(Object.entries(metric.labels).sort());
    expect([key, names.get(name)]).toEqual([key, undefined]);
    names.set(name, key);
  });
  expect(nameless).toEqual(totals);
});

test.each([
  ['cpu.iowait', 50, 'cpu_ratio', { mode: 'iowait' }, 0.5],
  ['core.12.busy', 35.7, 'core_busy_ratio', { core: '12' }, 0.357],
  ['cpu.frequency', 2400, 'cpu_frequency_hertz', {}, 2.4e9],
  ['disk.mapper.root.await', 5, 'disk_await_seconds', { device: 'mapper.root' }, 0.005],
  ['net.eth0.100.receive', 7, 'network_bytes_per_second', { interface: 'eth0.100', direction: 'receive' }, 7],
])('%s', (key, value, family, labels, result) => {
  const metric = seriesMetricOf(key)!;
  expect({ family: metric.family, labels: metric.labels }).toEqual({ family, labels });
  expect(scaled(value, metric.scale)).toBe(result);
});

test.each([
  '',
  'cpu',
  'cpu.',
  'core.busy',
  'disk..read',
  'net.eth0.',
  'mystery.a.b',
  '__proto__',
  'constructor.a',
])('%j is no series that is known here', (key) => expect(seriesMetricOf(key)).toBeNull());
