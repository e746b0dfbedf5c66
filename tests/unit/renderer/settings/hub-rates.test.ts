/** Rates of the hub's counters, over the hub's own time. */
import { expect, test } from 'vitest';
import { hubRates, isSameStart } from '../../../../renderer/screens/settings/hub-rates.ts';
import type { HubNumbers } from '../../../../shared/hub-numbers.ts';

function numbersAt(seconds: number, changes: Partial<HubNumbers> = {}): HubNumbers {
  return {
    version: '0.1.0',
    serverTime: 1_700_000_000_000 + seconds * 1_000,
    startedAt: 1_700_000_000_000,
    process: { cpuSeconds: seconds * 0.01, residentBytes: 50 * 2 ** 20, loopDelayP99Ms: null },
    connections: { h1: 1, h2: 0, poll: 0 },
    views: [],
    viewCount: 0,
    outboxes: { backedUp: 0, bytes: 0, largestBytes: 0 },
    replay: { events: 0, bytes: 0 },
    streams: { opened: 1, refused: 0, resumed: 0, reset: 0 },
    out: { events: seconds * 5, bytes: seconds * 1_000, writes: seconds },
    encoding: { events: seconds * 4, seconds: seconds * 0.0001 },
    compression: { bytesIn: 0, bytesOut: 0, seconds: 0 },
    slowReaders: { conflated: 0, skipped: 0, gaps: 0 },
    intake: null,
    archive: null,
    history: null,
    cuts: {},
    ...changes,
  };
}

test('differences over the time between two answers', () => {
  const rates = hubRates(numbersAt(10), numbersAt(12))!;
  expect(rates.cpuPercent).toBeCloseTo(1);
  expect(rates.eventsPerSecond).toBe(5);
  expect(rates.bytesPerSecond).toBe(1_000);
  expect(rates.encodeMicroseconds).toBeCloseTo(25);
});

test('a start that is reckoned a little differently is the same start, another one has no rates', () => {
  const drifted = numbersAt(12, { startedAt: 1_700_000_000_003 });
  expect(hubRates(numbersAt(10), drifted)).not.toBeNull();
  expect(isSameStart(numbersAt(10), numbersAt(2, { startedAt: 1_700_000_020_000 }))).toBe(false);
  expect(hubRates(numbersAt(10), numbersAt(2, { startedAt: 1_700_000_020_000 }))).toBeNull();
});

test('two answers of one moment have no rates, and nothing encoded has no cost', () => {
  expect(hubRates(numbersAt(10), numbersAt(10))).toBeNull();
  const idle = numbersAt(12, { encoding: numbersAt(10).encoding });
  expect(hubRates(numbersAt(10), idle)!.encodeMicroseconds).toBeNaN();
});
