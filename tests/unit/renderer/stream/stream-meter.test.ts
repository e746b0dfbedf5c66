/** The figures of the connection pill. */
import { beforeEach, expect, test } from 'vitest';
import { createStreamMeter, type StreamMeter } from '../../../../renderer/stream/stream-meter.ts';
import { sampleOf } from '../../../support/observations.ts';

let now: number;
let hubNow: number;
let meter: StreamMeter;

beforeEach(() => {
  now = 5_000;
  hubNow = 1_000_000;
  meter = createStreamMeter({ now: () => now, hubNow: () => hubNow });
});

function sample(time: number, isLive = true): void {
  meter.count({ name: 'sample', data: sampleOf('web-1', 0, { time }) }, isLive);
}

test('nothing is known before the first event', () => {
  expect([meter.rate(), meter.ageMs(), meter.lagMs(), meter.total]).toEqual([0, null, null, 0]);
});

test('the rate is of the last ten seconds, and of less while there was less', () => {
  for (let each = 0; each < 6; each++) sample(hubNow);
  expect(meter.rate()).toBe(6);
  now += 1_000;
  expect(meter.rate()).toBe(3);
  now += 8_000;
  expect(meter.rate()).toBe(0.6);
  now += 1_000;
  expect(meter.rate()).toBe(0);
  expect(meter.total).toBe(6);
});

test('a long silence empties every second of the ring', () => {
  sample(hubNow);
  now += 3_600_000;
  sample(hubNow);
  expect(meter.rate()).toBe(0.1);
});

test('lag is from the hub time of a live sample or ping, never below zero, never of a snapshot', () => {
  sample(hubNow - 60_000, false);
  expect(meter.lagMs()).toBeNull();
  sample(hubNow - 40);
  expect(meter.lagMs()).toBe(40);
  meter.count({ name: 'ping', data: { serverTime: hubNow + 5 } }, true);
  expect(meter.lagMs()).toBe(0);
});

test('age is since the last event of any kind', () => {
  sample(hubNow);
  now += 1_500;
  expect(meter.ageMs()).toBe(1_500);
});
