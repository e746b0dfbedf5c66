/** What waits for a slow reader, by the delivery rule of each event. */
import { expect, test } from 'vitest';
import { encodeFrame, type Frame } from '../../../hub/stream/frame.ts';
import { Outbox } from '../../../hub/stream/outbox.ts';
import { logLineOf, logSourceOf, sampleOf } from '../../support/observations.ts';

let sequence = 0;

function sample(host: string): Frame {
  return encodeFrame({ name: 'sample', data: sampleOf(host) }, ++sequence, `e-${sequence}`);
}

function log(host: string, time: number, bytes = 100): Frame {
  const line = logLineOf(host, 0, { time, text: 'x'.repeat(bytes) });
  return encodeFrame({ name: 'log', data: line }, ++sequence, `e-${sequence}`);
}

function source(reason = ''): Frame {
  return encodeFrame({ name: 'source', data: logSourceOf('a', { reason }) }, ++sequence, `e-${sequence}`);
}

test('conflation keeps the newest frame per host and name', () => {
  const outbox = new Outbox(1_000_000);
  const [a1, b1, a2] = [sample('a'), sample('b'), sample('a')];
  expect([a1, b1, a2].map((frame) => outbox.add(frame, 0))).toEqual(['waits', 'waits', 'conflated']);
  expect(outbox.take()).toEqual({ frames: [b1, a2], gaps: [] });
  expect(outbox.isEmpty).toBe(true);
  expect(outbox.bytes).toBe(0);
});

test('log lines past their share are counted per host, with the time they span', () => {
  const outbox = new Outbox(4_000);
  const kept = log('a', 10, 600);
  outbox.add(kept, 0);
  for (const [host, time] of [
    ['a', 30],
    ['a', 20],
    ['b', 5],
    ['a', 40],
  ] as const) {
    expect(outbox.add(log(host, time, 600), 0)).toBe('counted');
  }
  const { frames, gaps } = outbox.take();
  expect(frames).toEqual([kept]);
  expect(gaps).toEqual([
    { host: 'a', channel: 'logs', reason: 'slow-reader', from: 20, to: 40, count: 3 },
    { host: 'b', channel: 'logs', reason: 'slow-reader', from: 5, to: 5, count: 1 },
  ]);
});

test('late samples that are left out are counted by themselves: they are no lines', () => {
  const outbox = new Outbox(4_000);
  const late = { host: 'a', intervalMs: 1_000, times: [50, 60], series: { 'cpu.user': [1, 2] } };
  for (const frame of [
    log('a', 10, 5_000),
    encodeFrame({ name: 'backfill', data: late }, ++sequence, `e-${sequence}`),
  ])
    expect(outbox.add(frame, 4_000)).toBe('counted');
  expect(outbox.take().gaps).toEqual([
    { host: 'a', channel: 'logs', reason: 'slow-reader', from: 10, to: 10, count: 1 },
    { host: 'a', channel: 'metrics', reason: 'slow-reader', from: 50, to: 60, count: 1 },
  ]);
});

test('what must arrive has the rest of the bound, then overflows', () => {
  const outbox = new Outbox(4_000);
  expect(outbox.add(log('a', 1, 5_000), 0)).toBe('counted');
  expect(outbox.add(source('r'.repeat(3_000)), 0)).toBe('waits');
  expect(outbox.add(source('r'.repeat(3_000)), 0)).toBe('overflow');
});

test('bytes that wait elsewhere for the same reader count', () => {
  const outbox = new Outbox(4_000);
  expect(outbox.add(source(), 3_950)).toBe('overflow');
  expect(outbox.add(sample('a'), 3_950)).toBe('overflow');
  expect(outbox.add(log('a', 1), 990)).toBe('counted');
});

test('what is taken comes in the order of the sequence', () => {
  const outbox = new Outbox(1_000_000);
  const frames = [source(), sample('a'), log('a', 1), sample('b'), source()];
  for (const frame of frames.toReversed()) outbox.add(frame, 0);
  expect(outbox.take().frames).toEqual(frames);
});
