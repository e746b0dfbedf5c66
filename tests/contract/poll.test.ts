/** Long-polling: the stream's own events in answers that end. */
import { expect, test } from 'vitest';
import type { Observation } from '../../shared/events.ts';
import { parsePollBody, type PollEvent } from '../../shared/poll.ts';
import { problem } from '../../shared/snapshot.ts';
import { logLineOf, observedHost, sampleOf } from '../support/observations.ts';
import { connectRaw, getRequest } from '../support/raw-request.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { until } from '../support/until.ts';

async function poll(hub: TestHub, query = ''): Promise<PollEvent[]> {
  const response = await hub.get(`/api/v1/poll${query}`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  const body = await response.text();
  expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(body)));
  return parsePollBody(body);
}

const names = (events: readonly PollEvent[]) => events.map(({ name }) => name);
const last = (events: readonly PollEvent[]) => events.at(-1)!.id;

function line(text: string): Observation {
  return { name: 'log', data: logLineOf('web-1', 0, { text }) };
}

async function openPolls(hub: TestHub): Promise<number> {
  const numbers = (await (await hub.get('/api/v1/hub')).json()) as { connections: { poll: number } };
  return numbers.connections.poll;
}

test('without a cursor it answers as a stream begins', async () => {
  await using hub = await startTestHub({ observers: [new ScriptedObserver()] });
  const events = await poll(hub);
  using stream = readStream(hub);
  await stream.until('ready');
  expect(names(events)).toEqual(stream.events.map(({ name }) => name));
  expect(names(events).slice(0, 2)).toEqual(['hello', 'host']);
  const ready = JSON.parse(events.at(-1)!.data) as { cursor: string };
  expect(last(events)).toBe(ready.cursor);
});

test('with a cursor it answers with what followed, and with nothing else', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [observer] });
  const cursor = last(await poll(hub));
  observer.observe(line('one'));
  observer.observe(line('two'));
  const events = await poll(hub, `?cursor=${cursor}`);
  expect(events.map(({ data }) => (JSON.parse(data) as { text: string }).text)).toEqual(['one', 'two']);
});

test.for(['nonsense', '0000000000-5', 'partial'])(
  'a cursor that cannot be resumed (%s) gets reset and a snapshot',
  async (given) => {
    await using hub = await startTestHub({ observers: [new ScriptedObserver()] });
    const cursor = given === 'partial' ? (await poll(hub))[0]!.id : given;
    const events = await poll(hub, `?cursor=${encodeURIComponent(cursor)}`);
    expect(names(events).slice(0, 3)).toEqual(['hello', 'reset', 'host']);
    expect(names(events).at(-1)).toBe('ready');
  },
);

test('it is held until its view has something, and what comes within one flush window leaves with it', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [observer], flushWindowMs: 50 });
  const cursor = last(await poll(hub));
  const held = poll(hub, `?cursor=${cursor}&channels=logs`);
  await until('a held poll', async () => (await openPolls(hub)) === 1);
  observer.observe({ name: 'sample', data: sampleOf('web-1', 1) });
  observer.observe(line('one'));
  observer.observe(line('two'));
  expect(names(await held)).toEqual(['log', 'log']);
  expect(await openPolls(hub)).toBe(0);
});

test('where nothing comes it answers with a ping that carries the newest cursor', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [observer] });
  const cursor = last(await poll(hub, '?channels=logs'));
  observer.observe({ name: 'sample', data: sampleOf('web-1', 1) });
  const events = await poll(hub, `?cursor=${cursor}&channels=logs&wait=0`);
  expect(names(events)).toEqual(['ping']);
  expect(last(events)).not.toBe(cursor);
  expect(names(await poll(hub, `?cursor=${last(events)}&wait=0`))).toEqual(['ping']);
});

test('its sequence is that of the stream, at a high rate: every event once, in order, byte for byte', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({
    observers: [observer],
    replayBytes: 64 * 1024 * 1024,
    outboxBytes: 64 * 1024 * 1024,
  });
  const opening = await poll(hub);
  using stream = readStream({ ...hub, lastEventId: last(opening) });
  await stream.until('ready');
  const total = 20_000;
  let made = 0;
  // In bursts between turns of the event loop: polls land before, within and after them.
  const producing = setInterval(() => {
    for (let count = 0; count < 200 && made < total; count++) observer.observe(line(`line ${made++}`));
  }, 2);
  const polled: PollEvent[] = [];
  let cursor = last(opening);
  let answers = 0;
  while (polled.length < total) {
    const events = await poll(hub, `?cursor=${cursor}`);
    cursor = last(events);
    answers++;
    // A slow machine takes seconds, and then the status of its silent host comes between the lines.
    polled.push(...events.filter(({ name }) => name === 'log'));
  }
  clearInterval(producing);
  await until('all on the stream', () => stream.dataOf('log').length === total);
  const streamed = stream.events.filter(({ name }) => name === 'log');
  expect(polled.map(({ id }) => id)).toEqual(streamed.map(({ id }) => id));
  expect(polled.map(({ data }) => data)).toEqual(streamed.map(({ data }) => JSON.stringify(data)));
  expect(answers).toBeGreaterThan(3);
});

test('an answer holds about 1 MiB at most; the next request gets the rest', async () => {
  const observer = new ScriptedObserver();
  await using hub = await startTestHub({ observers: [observer] });
  let cursor = last(await poll(hub));
  for (let count = 0; count < 60; count++) observer.observe(line(`${count} ${'x'.repeat(40_000)}`));
  const sizes: number[] = [];
  const texts: string[] = [];
  while (texts.length < 60) {
    const events = await poll(hub, `?cursor=${cursor}`);
    cursor = last(events);
    sizes.push(events.reduce((sum, { data }) => sum + data.length, 0));
    texts.push(...events.map(({ data }) => (JSON.parse(data) as { text: string }).text.split(' ', 1)[0]!));
  }
  expect(texts).toEqual(Array.from({ length: 60 }, (_, index) => String(index)));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024);
  expect(sizes.length).toBeGreaterThan(2);
});

test.for([
  ['?wait=26', 'wait'],
  ['?wait=-1', 'wait'],
  ['?wait=1&wait=2', 'wait'],
  ['?lastEventId=x', 'lastEventId'],
  ['?channels=secrets', 'channels'],
])('%s is refused by name', async ([query, name]) => {
  await using hub = await startTestHub();
  const response = await hub.get(`/api/v1/poll${query}`);
  expect(response.status).toBe(400);
  expect(problem.parse(await response.json()).error.message).toContain(JSON.stringify(name));
});

test('a view that names another host sees nothing of this one', async () => {
  await using hub = await startTestHub({ observers: [new ScriptedObserver(observedHost('web-1'))] });
  expect(names(await poll(hub, '?hosts=web-2'))).toEqual(['hello', 'ready']);
});

test('a held poll takes the slot of a stream, and gives it back when its client leaves', async () => {
  // Without a host there is no event that could end the wait.
  await using hub = await startTestHub({ maxStreams: 1 });
  const cursor = last(await poll(hub));
  const headers = { Host: 'localhost', Authorization: `Bearer ${hub.ownerToken}` };
  using client = connectRaw(hub.port, getRequest(`/api/v1/poll?cursor=${cursor}`, headers));
  await until('a held poll', async () => (await openPolls(hub)) === 1);
  for (const address of ['/api/v1/poll', '/api/v1/stream']) {
    const refused = await hub.get(address);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  client.socket.resetAndDestroy();
  await until('a free slot', async () => (await hub.get('/api/v1/poll')).status === 200);
});

test('a hub that stops answers held polls with bye', async () => {
  const hub = await startTestHub({ observers: [new ScriptedObserver()] });
  const cursor = last(await poll(hub));
  const held = poll(hub, `?cursor=${cursor}`);
  await until('a held poll', async () => (await openPolls(hub)) === 1);
  await hub[Symbol.asyncDispose]();
  const [bye] = await held;
  expect(bye!.name).toBe('bye');
  expect((JSON.parse(bye!.data) as { retryMs: number }).retryMs).toBeGreaterThanOrEqual(2_000);
});
