/** Ranked series as causes: grouped, named, and with the numbers that tell the story. */
import { expect, test } from 'vitest';
import {
  changeGroups,
  mostMoved,
  scoreBar,
} from '../../../../../renderer/screens/host/cause/change-groups.ts';
import {
  fullSeriesName,
  seriesName,
  seriesValue,
} from '../../../../../renderer/screens/host/cause/series-names.ts';
import type { ScoredChange } from '../../../../../shared/changes/change-score.ts';

function change(series: string, part: Partial<ScoredChange> = {}): ScoredChange {
  return { series, score: 10, direction: 'up', now: spread(50), before: spread(5), ...part };
}

function spread(median: number, min = median, max = median) {
  return { median, min, max, count: 60 };
}

test('one group per part of the machine, in the order of its first series', () => {
  const groups = changeGroups(
    ['disk.sda.write', 'cpu.iowait', 'pressure.io.some', 'net.eth0.receive', 'core.1.busy', 'x.y'].map(
      (key) => change(key),
    ),
  );
  expect(groups.map(({ group, changes }) => [group, changes.map(({ series }) => series)])).toEqual([
    ['disk', ['disk.sda.write', 'pressure.io.some']],
    ['cpu', ['cpu.iowait', 'core.1.busy']],
    ['network', ['net.eth0.receive']],
    ['other', ['x.y']],
  ]);
});

test('a sum over devices is left out where a device says it', () => {
  const groups = changeGroups(
    ['disk.sda.write', 'disk.write', 'disk.read', 'net.receive'].map((key) => change(key)),
  );
  expect(groups.flatMap(({ changes }) => changes.map(({ series }) => series))).toEqual([
    'disk.sda.write',
    'disk.read',
    'net.receive',
  ]);
});

test('what tells by which measure processes are compared has moved: a disk that was unmounted has not', () => {
  const gone = change('filesystem./mnt.used', { direction: 'vanished', now: null, score: 2 });
  const come = change('filesystem./new.inodesUsed', { direction: 'appeared', before: null, score: 2 });
  expect(mostMoved([gone, come])).toBeUndefined();
  expect(mostMoved([gone, change('memory.used')])?.series).toBe('memory.used');
  const filled = change('filesystem./mnt.used');
  const unplugged = change('disk.sdb.write', { direction: 'vanished', now: null });
  expect(mostMoved([gone, filled])).toBe(filled);
  expect(mostMoved([unplugged, filled])).toBe(unplugged);
});

test('bars compare by powers of ten and never leave their track', () => {
  expect([0.5, 1, 10, 100, 1e9].map(scoreBar)).toEqual([0, 0, 50, 100, 100]);
});

test.each([
  ['cpu.iowait', 'CPU iowait'],
  ['core.12.busy', 'CPU core 12'],
  ['disk.nvme0n1.writeOps', 'Disk nvme0n1 writes'],
  ['disk.dm.1.read', 'Disk dm.1 read'],
  ['disk.read', 'Disk read'],
  ['net.eth0.receive', 'Network eth0 in'],
  ['kernel.blocked', 'Disk processes waiting'],
  ['go_gc_duration', 'go_gc_duration'],
  ['net.\u202eevil.receive', 'Network <U+202E>evil in'],
])('%s is called "%s"', (key, name) => {
  expect(fullSeriesName(key)).toBe(name);
});

test('values have the unit of their series; traffic is told in bits, the unknown as such', () => {
  expect(seriesValue('net.eth0.receive', 125_000)).toBe('1.00 Mbit/s');
  expect(seriesValue('disk.sda.write', 2 ** 20)).toBe('1.00 MiB/s');
  expect(seriesValue('disk.sda.await', 12)).toBe('12.0 ms');
  expect(seriesValue('cpu.user', null)).toBe('-');
  expect(seriesValue('tcp.established', 14)).toBe('14');
  expect(seriesValue('load.one', 7.81)).toBe('7.81');
  expect(seriesName('load.one').group).toBe('cpu');
});

test.each([
  ['filesystem./mnt/my@20disk.used', 'Disk /mnt/my disk space used', 2 ** 34, '16.0 GiB'],
  ['filesystem./.inodesUsed', 'Disk / inodes used', 1_200, '1,200'],
  ['filesystem./mnt.inodesUsed', 'Disk /mnt inodes used', 7, '7'],
  ['temperature.Package.celsius', 'Sensors Package temperature', 51.5, '51.5 °C'],
  ['fan.cpu@:2.rpm', 'Sensors cpu (2) fan', 900, '900 rpm'],
  ['battery.percent', 'Sensors battery', 80, '80.0 %'],
])('%s is called %s', (key, name, value, written) => {
  expect(fullSeriesName(key)).toBe(name);
  expect(seriesValue(key, value)).toBe(written);
});
