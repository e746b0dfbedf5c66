/** More comes in one flush than a connection takes: the reader is given it as it drains, and for so long only. */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { expect, test } from 'vitest';
import { encodeFrame } from '../../../../hub/stream/frame.ts';
import { ShownFrames } from '../../../../hub/stream/shown-frames.ts';
import { StreamCounts } from '../../../../hub/stream/stream-counts.ts';
import { ViewGroup } from '../../../../hub/stream/view-group.ts';
import { connectSockets } from '../../../support/connected-sockets.ts';
import { logSourceOf } from '../../../support/observations.ts';
import { until } from '../../../support/until.ts';
import { lineFrame, logView, openSubscriber } from './support/open-subscriber.ts';

const LINES = 250;
const BURST_BYTES = LINES * 64 * 1024;
const OUTBOX_BYTES = 2 ** 20;
/** A part of the burst that is with the connection. */
const PART_BYTES = 256 * 1024;

test('of a burst that a reader does not take in time it gets the first lines, and the number of the others', async () => {
  await using ends = await connectSockets();
  const group = new ViewGroup(logView, new StreamCounts(), new ShownFrames());
  const subscriber = openSubscriber(ends.near, group);
  let sequence = 0;
  for (let line = 0; line < LINES; line++) group.offer(lineFrame(++sequence, 'x'.repeat(64 * 1024)));
  group.flush();
  expect(subscriber.waitingBytes).toBeGreaterThan(OUTBOX_BYTES * 2);
  expect(subscriber.waitingBytes).toBeLessThan(BURST_BYTES);

  // What comes behind it is bounded as ever, and the burst is no reason to cut the stream.
  group.offer(lineFrame(++sequence, 'behind'));
  group.flush();
  subscriber.endBurst(performance.now());
  expect(subscriber.waitingBytes).toBeGreaterThan(OUTBOX_BYTES * 2);
  subscriber.endBurst(performance.now() + 2_000);
  expect(subscriber.isEnding).toBe(false);
  expect(subscriber.waitingBytes).toBeLessThan(OUTBOX_BYTES + PART_BYTES);

  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  ends.far.on('data', (chunk: Buffer) => parser.feed(chunk.toString('latin1')));
  ends.far.resume();
  await until('the reader to be live again', () => subscriber.isFlowing);
  group.offer(lineFrame(++sequence, 'live'));
  group.flush();
  const last = `e-${sequence}`;
  await until('the newest line', () => events.some(({ id }) => id === last));
  const lines = events.filter(({ event }) => event === 'log').map(({ id }) => Number(id!.slice(2)));
  const gaps = events.filter(({ event }) => event === 'gap');
  expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  expect(gaps).toHaveLength(1);
  const { count, reason } = JSON.parse(gaps[0]!.data) as { count: number; reason: string };
  expect(reason).toBe('slow-reader');
  expect(new Set(lines).size + count).toBe(sequence);
  // Its place is before all that was left out: who is lost right behind it gets that by replay.
  const before = Number(gaps[0]!.id!.slice(2));
  expect(lines.slice(0, before)).toEqual(Array.from({ length: before }, (_, at) => at + 1));
});

test('what must arrive is part of a burst like any other: it is no debt of the reader before its time is over', async () => {
  await using ends = await connectSockets();
  const group = new ViewGroup(logView, new StreamCounts(), new ShownFrames());
  const subscriber = openSubscriber(ends.near, group);
  const reason = 'r'.repeat(64 * 1024);
  const burst = Array.from({ length: LINES }, (_, at) => {
    const data = logSourceOf('web-1', { reason, since: at });
    // As a line to the view, and as what must arrive to the outbox.
    return { ...encodeFrame({ name: 'source', data }, at + 1, `e-${at + 1}`), channels: logView.channelBits };
  });
  for (const frame of burst) group.offer(frame);
  group.flush();
  subscriber.endBurst(performance.now());
  expect(subscriber.isEnding).toBe(false);
  subscriber.endBurst(performance.now() + 2_000);
  expect(subscriber.isEnding).toBe(true);
});
