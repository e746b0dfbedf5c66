/** Streams that the hub ends by itself: rotated while it runs, drained when it stops. */
import { expect, test } from 'vitest';
import { metric } from '../support/metric.ts';
import { logLineOf, observedHost } from '../support/observations.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { readStream, type StreamReader } from '../support/stream-reader.ts';
import { until } from '../support/until.ts';

test('a rotated reader comes back by its cursor and has every event once', async () => {
  await using hub = await startTestHub({ rotateMs: 300, outboxMs: 200, flushWindowMs: 5 });
  hub.sink.describe(observedHost());
  const texts: string[] = [];
  let lines = 0;
  const writing = setInterval(() => hub.sink.observe({ name: 'log', data: logLineOf('web-1', lines++) }), 2);
  let lastEventId: string | undefined;
  for (let round = 0; round < 4; round++) {
    using reader: StreamReader = readStream({
      ...hub,
      query: 'channels=logs',
      ...(lastEventId === undefined ? {} : { lastEventId }),
    });
    await reader.closed;
    const bye = reader.dataOf('bye')[0]!;
    expect(bye.reason).toBe('rotate');
    expect(reader.retryMs).toBe(bye.retryMs);
    expect(reader.dataOf('hello')[0]!.resumed).toBe(round > 0);
    texts.push(...reader.dataOf('log').map(({ text }) => text));
    lastEventId = reader.lastEventId;
  }
  clearInterval(writing);
  const numbers = texts.map((text) => Number(text.slice('line '.length)));
  const first = numbers[0]!;
  expect(numbers.length).toBeGreaterThan(100);
  expect(numbers).toEqual(numbers.map((_, index) => first + index));
  expect(await metric(hub, 'watchline_hub_cuts_total{reason="rotate"}')).toBe(4);
});

test('streams that began together are not rotated together', async () => {
  await using hub = await startTestHub({ rotateMs: 2_000, outboxMs: 200 });
  const readers = Array.from({ length: 40 }, () => readStream(hub));
  await Promise.all(readers.map((reader) => reader.until('ready')));
  const ends: number[] = [];
  await Promise.all(readers.map((reader) => reader.closed.then(() => ends.push(performance.now()))));
  // 20 % to either side of two seconds, looked at every 50 ms.
  expect(new Set(ends.map((end) => Math.round(end / 50))).size).toBeGreaterThan(5);
});

test('without rotation a stream stays', async () => {
  await using hub = await startTestHub({ rotateMs: 0, outboxMs: 200, heartbeatMs: 20 });
  using reader = readStream(hub);
  await until('many pings', () => reader.dataOf('ping').length > 20);
  expect(reader.dataOf('bye')).toEqual([]);
});

test('while a hub of many streams drains, those that are left still get events', async () => {
  const hub = await startTestHub({ flushWindowMs: 1 });
  hub.sink.describe(observedHost());
  const readers = Array.from({ length: 400 }, () => readStream({ ...hub, query: 'channels=logs' }));
  await Promise.all(readers.map((reader) => reader.until('ready')));
  let lines = 0;
  const writing = setInterval(() => hub.sink.observe({ name: 'log', data: logLineOf('web-1', lines++) }), 1);
  await hub[Symbol.asyncDispose]();
  clearInterval(writing);
  await Promise.all(readers.map((reader) => reader.closed));
  const counts = readers.map((reader) => {
    const numbers = reader.dataOf('log').map(({ text }) => Number(text.slice('line '.length)));
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(reader.events.at(-1)!.name).toBe('bye');
    return numbers.length;
  });
  // Who was asked to leave last has got more than who was asked first.
  expect(Math.max(...counts)).toBeGreaterThan(Math.min(...counts));
  expect(new Set(readers.map((reader) => reader.retryMs)).size).toBeGreaterThan(50);
});
