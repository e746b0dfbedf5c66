/** Ticks of the time axis, in a zone with half hours and daylight saving. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { timeTickLabel, timeTicks } from '../../../../renderer/charts/time-ticks.ts';

const zone = process.env['TZ'];

function inZone(name: string): void {
  beforeEach(() => {
    process.env['TZ'] = name;
  });
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });
}

const hour = 3_600_000;
const localHours = (times: number[]): number[] => times.map((time) => new Date(time).getHours());

describe('short windows', () => {
  test('a minute has a tick every ten or fifteen seconds, on whole ones', () => {
    const from = Date.UTC(2026, 10, 21, 14, 2, 3, 400);
    const { step, times } = timeTicks(from, from + 60_000, 6);
    expect(step).toBe(10_000);
    expect(times).toHaveLength(6);
    for (const time of times) expect(time % 10_000).toBe(0);
  });

  test('never more ticks than fit, and all inside the window', () => {
    const from = 1_764_000_123_456;
    for (const span of [5_000, 61_000, 3e5, 9e5, 36e5, 864e5, 26e8]) {
      for (const most of [1, 3, 6, 9]) {
        const { times } = timeTicks(from, from + span, most);
        expect(times.length).toBeLessThanOrEqual(most + 1);
        for (const time of times) {
          expect(time).toBeGreaterThanOrEqual(from);
          expect(time).toBeLessThanOrEqual(from + span);
        }
      }
    }
  });
});

describe('in India, half an hour off', () => {
  inZone('Asia/Kolkata');
  test('hours are whole on the local clock', () => {
    const from = Date.UTC(2026, 10, 21, 3, 10);
    for (const time of timeTicks(from, from + 6 * hour, 6).times) {
      expect(new Date(time).getMinutes()).toBe(0);
    }
  });
});

describe('over the night the clocks go back', () => {
  inZone('Europe/Berlin');
  test('six-hour ticks stay on local midnight, six, noon and six', () => {
    const from = Date.UTC(2026, 9, 24, 20);
    expect(new Date(from).getTimezoneOffset()).toBe(-120);
    const { step, times } = timeTicks(from, from + 36 * hour, 6);
    expect(step).toBe(6 * hour);
    expect(localHours(times)).toEqual([0, 6, 12, 18, 0, 6]);
  });
});

describe('in the hour that comes twice, and around the one that is left out', () => {
  inZone('Europe/Berlin');
  // By the clock on the wall: formats of labels keep the zone that they were made in.
  const labels = (from: number, length: number) => {
    const { times } = timeTicks(from, from + length, 4);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    return times.map((time) => new Date(time).toTimeString().slice(0, 5));
  };

  test('its ticks are there twice', () => {
    expect(labels(Date.UTC(2026, 9, 25, 0), hour - 1)).toEqual(['02:00', '02:15', '02:30', '02:45']);
    expect(labels(Date.UTC(2026, 9, 25, 1), hour - 1)).toEqual(['02:00', '02:15', '02:30', '02:45']);
    expect(labels(Date.UTC(2026, 9, 24, 23), 4 * hour)).toEqual([
      '01:00',
      '02:00',
      '02:00',
      '03:00',
      '04:00',
    ]);
  });

  test('no tick stands on an hour that was not', () => {
    expect(labels(Date.UTC(2026, 2, 29, 0), 3 * hour)).toEqual(['01:00', '03:00', '04:00', '05:00']);
  });
});

describe('labels', () => {
  inZone('UTC');
  const noon = Date.UTC(2026, 10, 21, 12, 0, 5);
  test('are as fine as the step', () => {
    expect(timeTickLabel(noon, 5_000)).toBe('12:00:05');
    expect(timeTickLabel(noon, 60_000)).toBe('12:00');
    expect(timeTickLabel(Date.UTC(2026, 10, 21), 6 * hour)).toBe('Nov 21');
  });
});

describe('years', () => {
  inZone('Europe/Berlin');
  test('are cut at the first days of months, whatever the clocks did', () => {
    const from = new Date(2025, 2, 10).getTime();
    const { times } = timeTicks(from, new Date(2027, 1, 10).getTime(), 8);
    expect(times.map((time) => new Date(time).getMonth())).toEqual([3, 6, 9, 0, 3, 6, 9, 0]);
    for (const time of times) expect([new Date(time).getDate(), new Date(time).getHours()]).toEqual([1, 0]);
  });
});

describe('labels of months', () => {
  inZone('UTC');
  test('January says which year begins', () => {
    const { step } = timeTicks(Date.UTC(2025, 2, 10), Date.UTC(2027, 1, 10), 8);
    expect(timeTickLabel(Date.UTC(2026, 0, 1), step)).toBe('2026');
    expect(timeTickLabel(Date.UTC(2026, 3, 1), step)).toBe('Apr');
  });
});
