/** What the page keeps of the past: put together from pieces, never more than its bound, never an invented value. */
import { describe, expect, test } from 'vitest';
import {
  levelFor,
  SLOT_BUCKETS,
  slotsOf,
  slotStart,
} from '../../../../../renderer/store/past/past-levels.ts';
import { PastTiles, type PastQuestion } from '../../../../../renderer/store/past/past-tiles.ts';
import type { HistoryGap } from '../../../../../shared/schema/history.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

interface Filling {
  level: number;
  first?: number;
  last?: number;
  /** Value by the beginning of a bucket; null: none. */
  value?: (time: number) => number | null;
  keys?: string[];
  until?: number;
  stepMs?: number;
  gaps?: HistoryGap[];
}

/** As the hub would answer: every bucket from `first` to `last` up to `until`, its extremes one below and one above. */
function fill(tiles: PastTiles, filling: Filling): ReturnType<PastTiles['put']> {
  const { level, first = 0, last = 0, value = (time) => time, keys = ['cpu'], until = Infinity } = filling;
  const { stepMs = level, gaps = [] } = filling;
  const start = slotStart(level, first);
  const end = Math.min(slotStart(level, last + 1), until);
  const mean = Float64Array.from(
    { length: Math.ceil((end - start) / stepMs) },
    (_, i) => value(start + i * stepMs) ?? NaN,
  );
  const column = {
    stepMs,
    start,
    mean,
    min: mean.map((each) => each - 1),
    max: mean.map((each) => each + 1),
    until,
    isStale: false,
  };
  const columns = new Map(keys.map((key) => [key, column]));
  return tiles.put({ host: 'a', level, first, last, columns, gaps, marks: [] });
}

function ask(part: Partial<PastQuestion>): PastQuestion {
  return { host: 'a', keys: ['cpu'], from: 0, to: 4 * minute, level: second, liveFrom: null, ...part };
}

describe('the buckets that fit', () => {
  test('are the shortest that are no more than there are points', () => {
    expect(levelFor(5 * minute, 720)).toBe(second);
    expect(levelFor(24 * hour, 720)).toBe(2 * minute);
    expect(levelFor(7 * 24 * hour, 720)).toBe(15 * minute);
  });

  test('lie in slots without holes between them', () => {
    const length = 10 * second * SLOT_BUCKETS;
    expect(slotsOf(10 * second, 0, length)).toEqual({ first: 0, last: 0 });
    expect(slotsOf(10 * second, length - 1, length + 1)).toEqual({ first: 0, last: 1 });
    expect(slotStart(10 * second, 1)).toBe(length);
  });
});

describe('a window', () => {
  test('is one row per bucket, in its middle, with what it was the mean of', () => {
    const tiles = new PastTiles();
    fill(tiles, { level: second, last: 1 });
    const { window, wanted } = tiles.read(ask({ from: 2 * minute, to: 6 * minute }));
    expect(wanted).toEqual([]);
    expect(window.holes).toEqual([]);
    expect(window.times).toHaveLength(240);
    expect(window.times[0]).toBe(2 * minute + 500);
    expect(window.columns[0]![239]).toBe(6 * minute - second);
    expect([window.lows[0]![0], window.highs[0]![0]]).toEqual([2 * minute - 1, 2 * minute + 1]);
    expect(window.stepMs).toBe(second);
  });

  test('has no row where a bucket is empty, and NaN where one series knows nothing', () => {
    const tiles = new PastTiles();
    fill(tiles, { level: second, value: (time) => (time < minute ? null : 1) });
    fill(tiles, { level: second, value: (time) => (time < 30 * second ? 2 : null), keys: ['disk'] });
    const { window } = tiles.read(ask({ keys: ['cpu', 'disk'], to: 2 * minute }));
    expect(window.times).toHaveLength(30 + 60);
    expect(window.columns[0]!.slice(0, 30).every(Number.isNaN)).toBe(true);
    expect(window.columns[1]!.slice(0, 30)).toEqual(new Float64Array(30).fill(2));
  });

  test('names what is missing, series by series', () => {
    const tiles = new PastTiles();
    fill(tiles, { level: second });
    expect(tiles.read(ask({ to: 12 * minute })).wanted).toEqual([1, 2]);
    expect(tiles.read(ask({ to: 12 * minute })).window.holes).toEqual([
      { from: 4 * minute, to: 12 * minute },
    ]);
    expect(tiles.read(ask({ keys: ['cpu', 'disk'] })).wanted).toEqual([0]);
    expect(tiles.read(ask({ host: 'b' })).wanted).toEqual([0]);
  });

  test('a series without any value is known, and no hole', () => {
    const tiles = new PastTiles();
    fill(tiles, { level: second, value: () => null });
    const { window, wanted } = tiles.read(ask({}));
    expect([window.times.length, window.holes, wanted]).toEqual([0, [], []]);
  });

  test('is shown coarser, or finer, until what fits has come', () => {
    const tiles = new PastTiles();
    fill(tiles, { level: minute });
    const zoomedIn = tiles.read(ask({ from: minute, to: 3 * minute }));
    expect([...zoomedIn.window.times]).toEqual([1.5 * minute, 2.5 * minute]);
    expect([zoomedIn.wanted, zoomedIn.window.holes, zoomedIn.window.stepMs]).toEqual([[0], [], minute]);
    const zoomedOut = tiles.read(ask({ level: hour, to: 24 * hour }));
    expect(zoomedOut.window.times).toHaveLength(SLOT_BUCKETS);
    expect(zoomedOut.wanted).toEqual([0]);
  });

  test('tells the same, whatever the pieces were that it came in', () => {
    const value = (time: number): number => Math.sin(time);
    const whole = new PastTiles();
    fill(whole, { level: second, last: 3, value });
    const pieces = new PastTiles();
    for (const slot of [2, 0, 3, 1]) fill(pieces, { level: second, first: slot, last: slot, value });
    const question = ask({ from: 90 * second, to: 14 * minute });
    expect(pieces.read(question)).toEqual(whole.read(question));
  });
});

describe('the edge of the present', () => {
  test('what the page holds itself is not read from the past, and a bucket over the edge ends there', () => {
    const tiles = new PastTiles();
    fill(tiles, { level: minute, last: 1, until: 100 * minute });
    const { window } = tiles.read(ask({ level: minute, to: 100 * minute, liveFrom: 90.5 * minute }));
    expect(window.times.at(-2)).toBe(89.5 * minute);
    expect(window.times.at(-1)).toBe(90.25 * minute);
  });

  test('is asked for again once the page no longer holds what came since', () => {
    const tiles = new PastTiles();
    fill(tiles, { level: minute, until: 60 * minute });
    const question = ask({ level: minute, to: 120 * minute });
    expect(tiles.read({ ...question, liveFrom: 50 * minute }).wanted).toEqual([]);
    expect(tiles.read({ ...question, liveFrom: 70 * minute }).wanted).toEqual([0]);
    expect(tiles.read({ ...question, liveFrom: 70 * minute }).window.times).toHaveLength(60);
    expect(tiles.read({ ...question, to: 60 * minute, liveFrom: 500 * minute }).wanted).toEqual([]);
  });

  test('what came late is asked for again where it belongs, and nowhere else', () => {
    const tiles = new PastTiles();
    fill(tiles, { level: second, last: 3 });
    tiles.spoil('a', 5 * minute, 6 * minute);
    tiles.spoil('b', 0, 16 * minute);
    const { wanted, window } = tiles.read(ask({ to: 16 * minute }));
    expect(wanted).toEqual([1]);
    expect(window.times).toHaveLength(4 * SLOT_BUCKETS);
    fill(tiles, { level: second, first: 1, last: 1, value: () => 5 });
    expect(tiles.read(ask({ to: 16 * minute })).wanted).toEqual([]);
    expect(tiles.read(ask({ to: 16 * minute })).window.columns[0]![SLOT_BUCKETS]).toBe(5);
  });
});

describe('samples that come late', () => {
  test('are told by where there was nothing before', () => {
    const tiles = new PastTiles();
    const isHole = (time: number): boolean => time >= 40 * second && time < 60 * second;
    expect(fill(tiles, { level: second, value: (time) => (isHole(time) ? null : 1) })).toBeNull();
    tiles.spoil('a', -Infinity, Infinity);
    expect(fill(tiles, { level: second, value: () => 1 })).toEqual({ from: 40 * second, to: 60 * second });
    tiles.spoil('a', -Infinity, Infinity);
    expect(fill(tiles, { level: second, value: () => 1 })).toBeNull();
  });

  test('what has happened since is not late', () => {
    const tiles = new PastTiles();
    fill(tiles, { level: second, until: 100 * second });
    tiles.spoil('a', -Infinity, Infinity);
    expect(fill(tiles, { level: second })).toBeNull();
  });
});

describe('gaps', () => {
  test('are told by the one that covers most', () => {
    const tiles = new PastTiles();
    const gaps: HistoryGap[] = [
      { from: 10 * second, to: 20 * second, reason: 'asleep' },
      { from: 20 * second, to: 200 * second, reason: 'offline' },
    ];
    fill(tiles, { level: second, gaps });
    expect(tiles.gapIn('a', 12 * second, 90 * second)?.reason).toBe('offline');
    expect(tiles.gapIn('a', 15 * second, 15 * second)?.reason).toBe('asleep');
    expect(tiles.gapIn('a', 230 * second, 240 * second)).toBeNull();
    expect(tiles.gapIn('b', 12 * second, 90 * second)).toBeNull();
  });
});

describe('the bound', () => {
  test('holds while travelling, and the longest unused go first', () => {
    const tiles = new PastTiles(10 * 3 * SLOT_BUCKETS);
    fill(tiles, { level: second });
    for (let slot = 1; slot < 500; slot++) {
      fill(tiles, { level: second, first: slot, last: slot });
      tiles.read(ask({}));
      expect(tiles.values).toBeLessThanOrEqual(10 * 3 * SLOT_BUCKETS);
    }
    expect(tiles.read(ask({})).wanted).toEqual([]);
    expect(tiles.read(ask({ from: 4 * minute, to: 8 * minute })).wanted).toEqual([1]);
    tiles.clear();
    expect(tiles.values).toBe(0);
    expect(tiles.read(ask({})).wanted).toEqual([0]);
  });
});
