/** A host's last samples by columns: exact values, unknown ones, growth and going around. */
import { expect, test } from 'vitest';
import { RecentRing } from '../../../hub/hosts/recent-ring.ts';
import { MAX_RECENT_SECONDS } from '../../../shared/protocol.ts';
import { eachSeries } from '../../../shared/series.ts';
import { sampleOf } from '../../support/observations.ts';

function filled(count: number): RecentRing {
  const ring = new RecentRing();
  for (let index = 0; index < count; index++) ring.push(sampleOf('web-1', index));
  return ring;
}

test('columns hold exactly what the samples held', () => {
  const recent = filled(3).read('web-1', 1_000, 60);
  expect(recent.times).toEqual([0, 1, 2].map((index) => sampleOf('web-1', index).time));
  eachSeries(sampleOf('web-1', 2), (key, value) => {
    expect([key, recent.series[key]?.[2] ?? null]).toEqual([key, value]);
  });
});

test('an unknown value is null, and a series that was never known is left out', () => {
  const ring = new RecentRing();
  ring.push(sampleOf('web-1', 0));
  ring.push(sampleOf('web-1', 1, { load: null }));
  const { series } = ring.read('web-1', 1_000, 60);
  expect(series['load.one']).toEqual([0.5, null]);
  expect(series['pressure.io.some']).toBeUndefined();
});

test('it keeps the last fifteen minutes through growing and going around', () => {
  for (const count of [63, 64, 65, 899, 900, 901, 2_000]) {
    const { times, series } = filled(count).read('web-1', 1_000, MAX_RECENT_SECONDS);
    const expected = Math.min(count, MAX_RECENT_SECONDS);
    expect(times).toHaveLength(expected);
    expect(times.at(-1)).toBe(sampleOf('web-1', count - 1).time);
    expect(times).toEqual(times.map((_, index) => times[0]! + index * 1_000));
    expect(series['cpu.user']!.at(-1)).toBe((count - 1) % 100);
    expect(series['cpu.user']![0]).toBe((count - expected) % 100);
  }
});

test('a device that appears later has null before, one that is gone null after', () => {
  const ring = filled(2);
  ring.push(sampleOf('web-1', 2, { disks: [] }));
  const { series } = ring.read('web-1', 1_000, 60);
  expect(series['disk.sda.read']).toEqual([1_000, 1_000, null]);
});

test('the column of a device that is gone for the whole time is let go', () => {
  const ring = filled(2);
  for (let index = 2; index < 2_100; index++) ring.push(sampleOf('web-1', index, { disks: [] }));
  expect(Object.keys(ring.read('web-1', 1_000, 900).series)).not.toContain('disk.sda.read');
});

test('samples that come late are put into their place, whatever came meanwhile', () => {
  const ring = new RecentRing();
  const samples = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => sampleOf('web-1', from + index));
  for (const sample of samples(0, 50)) ring.push(sample);
  for (const sample of samples(950, 1_000)) ring.push(sample);
  ring.insert(samples(500, 950));
  ring.insert(samples(50, 510));
  for (const sample of samples(1_000, 1_010)) ring.push(sample);
  const { times, series } = ring.read('web-1', 1_000, MAX_RECENT_SECONDS);
  expect(times).toEqual(samples(1_010 - MAX_RECENT_SECONDS, 1_010).map(({ time }) => time));
  expect(series['cpu.user']).toEqual(times.map((_, row) => (row + 110) % 100));
});

test('a late sample replaces the one of the same moment, and brings its devices', () => {
  const ring = new RecentRing();
  for (const index of [0, 1, 3]) ring.push(sampleOf('web-1', index, { disks: [] }));
  ring.insert([sampleOf('web-1', 1), sampleOf('web-1', 2)]);
  const { times, series } = ring.read('web-1', 1_000, 60);
  expect(times).toEqual([0, 1, 2, 3].map((index) => sampleOf('web-1', index).time));
  expect(series['disk.sda.read']).toEqual([null, 1_000, 1_000, null]);
  expect(series['cpu.user']).toEqual([0, 1, 2, 3]);
});
