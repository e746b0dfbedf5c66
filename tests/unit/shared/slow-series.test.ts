/** Keys of filesystems and sensors: whatever a mount or a label is called, its key is its own, and passes wherever keys pass. */
import { expect, test } from 'vitest';
import { pointerRequest } from '../../../shared/schema/shares.ts';
import {
  cleanedKey,
  eachFilesystemSeries,
  eachSensorSeries,
  freeKey,
  slowNameShown,
  slowSeriesOf,
} from '../../../shared/slow-series.ts';
import { nameInKey, readName } from '../../../shared/slow-names.ts';
import { filesystemsOf, sensorsOf } from '../../support/observations.ts';

const [mount] = filesystemsOf().mounts;

function keysOf(...mounts: string[]): string[] {
  const keys: string[] = [];
  const told = { mounts: mounts.map((name) => ({ ...mount!, mount: name })) };
  eachFilesystemSeries(told, (key) => keys.push(key));
  return keys;
}

test('a mount has five series, one that counts no inodes three; sensors have one each', () => {
  expect(keysOf('/var')).toEqual([
    'filesystem./var.total',
    'filesystem./var.used',
    'filesystem./var.available',
    'filesystem./var.inodesTotal',
    'filesystem./var.inodesUsed',
  ]);
  const told = new Map<string, number | null>();
  const uncounted = { ...mount!, inodesTotal: null, inodesUsed: null };
  eachFilesystemSeries({ mounts: [uncounted] }, (key, value) => told.set(key, value));
  expect([...told]).toEqual([
    ['filesystem./.total', mount!.totalBytes],
    ['filesystem./.used', mount!.usedBytes],
    ['filesystem./.available', mount!.availableBytes],
  ]);
  const battery = { percent: 80, isCharging: true, secondsRemaining: null };
  const readings = new Map<string, number | null>();
  eachSensorSeries({ ...sensorsOf(), battery }, (key, value) => readings.set(key, value));
  expect([...readings]).toEqual([
    ['temperature.Package.celsius', 51.5],
    ['fan.cpu.rpm', 1_200],
    ['battery.percent', 80],
  ]);
});

const odd = [
  '/',
  '',
  '/mnt/a.b/c.used',
  '/mnt/my disk',
  '/mnt/a,b*c',
  '/mnt/@20',
  '/mnt/x@:2',
  '/mnt/x@.abc',
  '/home/Größe/写真/😀',
  'C:\\Data',
  "/mnt/!~'()[]\n\t\0",
  '/mnt/half \ud83d',
];

test.each(odd)('%j is found again in its key, which any door takes', (name) => {
  const [key] = keysOf(name);
  expect(slowSeriesOf(key!)).toEqual({
    kind: 'filesystem',
    name: name.replace(/\p{Cs}/gu, '\ufffd'),
    place: 1,
    isCut: false,
    metric: 'total',
  });
  expect(key).not.toMatch(/[,*\s]/);
  expect(pointerRequest.safeParse({ time: 1, host: 'a', series: key }).success).toBe(true);
});

test('names of 4,096 characters keep to the length of a key and stay apart', () => {
  const long = ['x', ',', '写', '😀'].map((unit) => unit.repeat(4_096 / unit.length));
  const names = long.flatMap((name) => [name, `${name.slice(0, -2)}yz`]);
  const keys = keysOf(...names, ...names);
  expect(new Set(keys).size).toBe(keys.length);
  expect(Math.max(...keys.map((key) => key.length))).toBeLessThanOrEqual(256);
  const cut = slowSeriesOf(keys[0]!)!;
  expect(cut).toMatchObject({ isCut: true, place: 1 });
  expect(names[0]!.startsWith(cut.name)).toBe(true);
  expect(slowNameShown(cut)).toBe(`${cut.name}…`);
  // As long as fits, nothing is cut.
  expect(readName(nameInKey('y'.repeat(220)))).toEqual({ name: 'y'.repeat(220), place: 1, isCut: false });
});

test('several of one label are counted', () => {
  const temperatures = ['a', 'b', 'a', 'a@:2'].map((label) => ({ label, celsius: 1, criticalCelsius: null }));
  const keys: string[] = [];
  eachSensorSeries({ temperatures, fans: [], battery: null }, (key) => keys.push(key));
  expect(new Set(keys).size).toBe(4);
  expect(keys.map((key) => slowSeriesOf(key)!).map(slowNameShown)).toEqual(['a', 'b', 'a (2)', 'a@:2']);
});

test('series of samples, and of nothing, are none', () => {
  for (const key of ['cpu.user', 'disk.read', 'disk.sda.used', 'filesystem', 'filesystem.used', 'fan.x'])
    expect(slowSeriesOf(key)).toBeNull();
});

test('a name is cleaned in its key as it is in the reading; of a name that was cut nothing is told', () => {
  const clean = (text: string) => text.replaceAll('secret', '[x]');
  const [total] = keysOf('/mnt/secret disk');
  expect(cleanedKey(total!, clean)).toBe(keysOf(clean('/mnt/secret disk'))[0]);
  expect(cleanedKey('disk.secret.read', clean)).toBe('disk.secret.read');
  expect(cleanedKey('battery.percent', clean)).toBe('battery.percent');
  expect(cleanedKey(keysOf('x'.repeat(4_096))[0]!, clean)).toBeNull();
});

test('names that are one after cleaning are counted as well', () => {
  const taken = new Set<string>();
  const told = ['fan.a.rpm', 'fan.a.rpm', 'fan.a@:2.rpm', 'net.a.errors', 'net.a.errors'].map((key) =>
    freeKey(key, taken),
  );
  expect(told).toEqual(['fan.a.rpm', 'fan.a@:2.rpm', 'fan.a@:3.rpm', 'net.a.errors', 'net.a.errors']);
});
