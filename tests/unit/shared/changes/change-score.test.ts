/** What changed most between two windows: the cause of a spike comes first, noise does not come at all. */
import { describe, expect, test } from 'vitest';
import { countComparable, rankChanges } from '../../../../shared/changes/change-score.ts';
import { changeWords } from '../../../../shared/changes/change-words.ts';
import { seriesUnitOf } from '../../../../shared/changes/series-unit.ts';

const MiB = 2 ** 20;
const flat = (value: number, count = 60) => new Array<number>(count).fill(value);
/** Up and down around a middle, the same in every run. */
const restless = (middle: number, by: number, count = 60) =>
  Array.from({ length: count }, (_, index) => middle + by * Math.sin(index * 2.4));

function ranked(...series: [key: string, before: number[], now: number[]][]): string[] {
  return rankChanges(series.map(([key, before, now]) => ({ series: key, before, now }))).map(
    (change) => change.series,
  );
}

describe('the order', () => {
  test('what moved further than it usually does comes before what is always restless', () => {
    expect(
      ranked(
        ['net.receive', restless(40 * MiB, 20 * MiB), restless(70 * MiB, 20 * MiB)],
        ['cpu.iowait', restless(1, 0.5), restless(60, 5)],
        ['disk.write', restless(MiB, MiB / 4), restless(90 * MiB, 4 * MiB)],
      ),
    ).toEqual(['disk.write', 'cpu.iowait', 'net.receive']);
  });

  test('the same noise before and after is no change, nor is a single outlier', () => {
    const outlier = flat(3);
    outlier[30] = 100;
    expect(
      ranked(['cpu.user', restless(30, 10), restless(30, 10)], ['cpu.system', flat(3), outlier]),
    ).toEqual([]);
  });

  test('peaks that stay away for once are no change, nor are lows; a middle that falls is one', () => {
    const peaks = [...flat(2, 50), ...flat(60, 10)];
    const lows = [...flat(60, 50), ...flat(2, 10)];
    expect(ranked(['cpu.user', peaks, flat(2)], ['cpu.system', lows, flat(60)])).toEqual([]);
    expect(ranked(['cpu.user', flat(60), flat(2)])).toEqual(['cpu.user']);
  });

  test('a spike that fills a fifth of what was chosen is found', () => {
    const spike = [...flat(4, 48), ...flat(97, 12)];
    expect(ranked(['cpu.user', flat(4), spike])).toEqual(['cpu.user']);
  });

  test('a spike of three minutes in an hour is found, and so is a hole; a moment is not, nor what came before for a while', () => {
    const within = (usual: number, spike: number, from: number, to: number) =>
      flat(usual, 120).fill(spike, from, to);
    expect(ranked(['cpu.user', flat(4, 120), within(4, 97, 40, 46)])).toEqual(['cpu.user']);
    expect(ranked(['cpu.user', flat(97, 120), within(97, 4, 40, 46)])).toEqual(['cpu.user']);
    expect(ranked(['cpu.user', flat(4, 120), within(4, 97, 40, 43)])).toEqual([]);
    expect(ranked(['cpu.user', within(4, 97, 70, 72), within(4, 97, 40, 46)])).toEqual([]);
  });

  test('moments that come more often are no change', () => {
    const every = (step: number) => flat(2, 120).map((value, place) => (place % step === 0 ? 80 : value));
    expect(ranked(['cpu.user', every(40), every(11)])).toEqual([]);
  });

  test('the idle share and free memory say what others say already', () => {
    expect(ranked(['cpu.idle', flat(95), flat(5)], ['cpu.user', flat(5), flat(95)])).toEqual(['cpu.user']);
  });

  test('a disk that fills is found, and told once; what its own activity moves it by is nothing', () => {
    const GiB = 1024 * MiB;
    expect(
      ranked(
        ['filesystem./.used', flat(40 * GiB), flat(60 * GiB)],
        ['filesystem./.available', flat(60 * GiB), flat(40 * GiB)],
        ['filesystem./var.used', flat(40 * GiB), flat(40.5 * GiB)],
        ['filesystem./.inodesUsed', flat(5_000), flat(5_500)],
        ['temperature.Package.celsius', flat(50), flat(53)],
      ),
    ).toEqual(['filesystem./.used']);
  });

  test('a disk that is mounted comes behind what moved', () => {
    const mounted = ['filesystem./mnt.used', [], flat(900_000 * MiB)] as [string, number[], number[]];
    expect(ranked(mounted, ['cpu.user', flat(5), flat(15)])).toEqual(['cpu.user', 'filesystem./mnt.used']);
  });

  test('a few connections more come behind a CPU that is busy, and many more before it', () => {
    const cpu: [string, number[], number[]] = ['cpu.user', restless(5, 3), restless(80, 3)];
    expect(ranked(['tcp.established', flat(0), flat(30)], cpu)).toEqual(['cpu.user', 'tcp.established']);
    expect(ranked(['tcp.established', flat(0), flat(3_000)], cpu)).toEqual(['tcp.established', 'cpu.user']);
    expect(ranked(['tcp.established', flat(0), flat(9)])).toEqual([]);
  });

  test('memory that a program takes comes before what files are kept in meanwhile', () => {
    const taken = [...flat(1_100 * MiB, 540), ...flat(6_000 * MiB, 60)];
    const kept = [...flat(1_400 * MiB, 540), ...flat(2_100 * MiB, 60)];
    expect(
      ranked(
        ['memory.used', restless(1_500 * MiB, 1_000 * MiB, 600), taken],
        ['memory.cached', restless(1_400 * MiB, 40 * MiB, 600), kept],
      ),
    ).toEqual(['memory.used', 'memory.cached']);
  });

  test('equal scores keep the order of their names', () => {
    const moves = (key: string): [string, number[], number[]] => [key, flat(0), flat(50)];
    expect(ranked(moves('core.1.busy'), moves('core.0.busy'))).toEqual(['core.0.busy', 'core.1.busy']);
  });
});

describe('one change', () => {
  test('tells direction, both windows and how many usual spreads it moved', () => {
    const [change] = rankChanges([{ series: 'cpu.user', before: flat(10), now: [NaN, ...flat(35)] }]);
    // A series that stood still is taken to vary by one percent.
    expect(change).toEqual({
      series: 'cpu.user',
      score: 25,
      direction: 'up',
      now: { median: 35, min: 35, max: 35, count: 60 },
      before: { median: 10, min: 10, max: 10, count: 60 },
    });
  });

  test('down, appeared, vanished', () => {
    const changes = rankChanges([
      { series: 'cpu.user', before: flat(90), now: flat(1) },
      { series: 'disk.sdb.write', before: [], now: flat(5 * MiB) },
      { series: 'disk.sdc.write', before: flat(5 * MiB), now: [] },
      { series: 'disk.sdd.write', before: [], now: [NaN] },
    ]);
    expect(changes.map(({ series, direction }) => [series, direction])).toEqual([
      ['cpu.user', 'down'],
      ['disk.sdb.write', 'appeared'],
      ['disk.sdc.write', 'vanished'],
    ]);
  });

  test('there is nothing to tell where too little is known of the time before, and that is told', () => {
    expect(ranked(['cpu.user', [], flat(90)], ['net.receive', [NaN], flat(MiB)])).toEqual([]);
    expect(ranked(['cpu.user', flat(3, 4), flat(90)])).toEqual([]);
    const series = 'cpu.user';
    expect(countComparable([{ series, before: flat(3, 4), now: flat(90) }])).toBe(0);
    expect(countComparable([{ series, before: flat(3, 5), now: [NaN] }])).toBe(0);
    expect(countComparable([{ series, before: flat(3, 5), now: flat(90, 1) }])).toBe(1);
  });

  test('large amounts stand still where they move by little of themselves', () => {
    expect(ranked(['memory.used', flat(7_000 * MiB), flat(7_200 * MiB)])).toEqual([]);
    expect(ranked(['memory.used', flat(700 * MiB), flat(900 * MiB)])).toEqual(['memory.used']);
  });
});

test.each([
  ['cpu.user', 'percent'],
  ['core.3.busy', 'percent'],
  ['cpu.frequency', 'megahertz'],
  ['memory.used', 'bytes'],
  ['swap.used', 'bytes'],
  ['swap.in', 'bytesPerSecond'],
  ['disk.nvme0n1.read', 'bytesPerSecond'],
  ['disk.dm.0.await', 'milliseconds'],
  ['net.eth0.errors', 'perSecond'],
  ['load.one', 'amount'],
  ['kernel.running', 'amount'],
  ['something.else', 'amount'],
  ['filesystem./mnt/a.read.used', 'bytes'],
  ['filesystem./.inodesUsed', 'files'],
  ['temperature.Package.celsius', 'celsius'],
  ['fan.cpu.rpm', 'turnsPerMinute'],
  ['battery.percent', 'percent'],
])('%s is told in %s', (key, unit) => {
  expect(seriesUnitOf(key)).toBe(unit);
});

test.each([
  [
    'filesystem./mnt/my@20disk.used',
    2 ** 35,
    'Space used on /mnt/my disk rose from 16 GiB to 32 GiB, 50 times',
  ],
  ['filesystem./.inodesUsed', 40_000, 'Inodes used on / rose from 20000 to 40000, 20 times'],
  ['temperature.Package.celsius', 80, 'Temperature of Package rose from 40 °C to 80 °C, 20 times'],
  ['fan.cpu@:2.rpm', 2_000, 'Fan cpu (2) rose from 1000 rpm to 2000 rpm, 10 times'],
  ['battery.percent', 60, 'Battery rose from 30 % to 60 %, 30 times'],
])('%s in words', (series, to, words) => {
  const [change] = rankChanges([{ series, before: flat(to / 2), now: flat(to) }]);
  expect(changeWords(change!)).toBe(`${words} its usual spread.`);
});

test('a spike in a long window is told by its peak, and one that had a moment before by how long it stayed', () => {
  const told = (before: number[]) => {
    const now = flat(4, 120).fill(97, 40, 46);
    const [change] = rankChanges([{ series: 'cpu.user', before, now }]);
    return changeWords(change!);
  };
  expect(told(flat(4, 120))).toBe('The peak of CPU user went from 4 % to 97 %, 93 times its usual spread.');
  expect(told(flat(4, 120).fill(99, 7, 8))).toBe(
    'CPU user stayed high for longer, up to 97 %, 93 times its usual spread.',
  );
});
