/** At 10,000 events a second, readers that come, go and resume see every event once and in order. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { logLineOf, observedHost } from '../support/observations.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream, type ReceivedEvent } from '../support/stream-reader.ts';

const EVENTS = 15_000;
const PER_TICK = 100;

/** About 10,000 lines a second: 100 every 10 ms. */
async function flood(hub: TestHub): Promise<void> {
  for (let index = 0; index < EVENTS; index++) {
    hub.sink.observe({ name: 'log', data: logLineOf('web-1', index) });
    if (index % PER_TICK === PER_TICK - 1) await sleep(10);
  }
}

/** Reads from `cursor` until the last line has come, dropping the connection after every `perConnection` lines. */
async function readInPieces(hub: TestHub, cursor: string, perConnection: number): Promise<number[]> {
  const lines: number[] = [];
  let lastEventId = cursor;
  while (lines.at(-1) !== EVENTS - 1) {
    using reader = readStream({ ...hub, query: 'channels=logs', lastEventId });
    const seen = await eventsUntil(reader, (events) => {
      const logs = events.filter((event) => event.name === 'log');
      return logs.length >= perConnection || logs.at(-1)?.data.time === logLineOf('web-1', EVENTS - 1).time;
    });
    expect(seen.some((event) => event.name === 'reset' || event.name === 'gap')).toBe(false);
    for (const event of seen)
      if (event.name === 'log') lines.push(Number(event.data.text.slice('line '.length)));
    lastEventId = seen.at(-1)!.id;
  }
  return lines;
}

/** What had come when the condition was first seen to hold: later events of this connection are as good as lost. */
async function eventsUntil(
  reader: { events: readonly ReceivedEvent[] },
  holds: (events: readonly ReceivedEvent[]) => boolean,
): Promise<readonly ReceivedEvent[]> {
  while (!holds(reader.events)) await sleep(1);
  return reader.events.slice();
}

test('reconnects at 10,000 events a second lose and double nothing', async () => {
  await using hub = await startTestHub({ replayBytes: 64 * 1024 * 1024 });
  hub.sink.describe(observedHost());
  const { cursor } = (await (await hub.get('/api/v1/hosts')).json()) as { cursor: string };
  const readers = [40, 700, EVENTS].map((perConnection) => readInPieces(hub, cursor, perConnection));
  await flood(hub);
  const all = Array.from({ length: EVENTS }, (_, index) => index);
  for (const lines of await Promise.all(readers)) expect(lines).toEqual(all);
});

test('a reader that opens in the middle of a flood has no gap between snapshot and live', async () => {
  await using hub = await startTestHub();
  hub.sink.describe(observedHost());
  const flooding = flood(hub);
  const joined: Promise<void>[] = [];
  for (let reader = 0; reader < 20; reader++) {
    await sleep(20);
    joined.push(
      (async () => {
        const stream = readStream({ ...hub, query: 'channels=logs' });
        const seen = await eventsUntil(stream, (events) => events.length > 1_500);
        stream[Symbol.dispose]();
        const lines = seen
          .filter((event) => event.name === 'log')
          .map((event) => Number(event.data.text.slice(5)));
        expect(lines).toEqual(lines.map((_, index) => lines[0]! + index));
      })(),
    );
  }
  await Promise.all([...joined, flooding]);
});
