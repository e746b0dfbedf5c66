/** How a stream begins: head, `retry`, `hello`, snapshot, `ready`. */
import { expect, test } from 'vitest';
import { streamEvents } from '../../shared/events.ts';
import { RECONNECT_MS } from '../../shared/protocol.ts';
import {
  filesystemsOf,
  logLineOf,
  logSourceOf,
  observedHost,
  processesOf,
  sampleOf,
  sensorsOf,
} from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';

const everything = new ScriptedObserver(observedHost(), [
  { name: 'source', data: logSourceOf() },
  { name: 'sample', data: sampleOf('web-1', 1) },
  { name: 'sample', data: sampleOf('web-1', 2) },
  { name: 'filesystems', data: filesystemsOf() },
  { name: 'sensors', data: sensorsOf() },
  { name: 'processes', data: processesOf() },
  { name: 'log', data: logLineOf() },
]);

test('the head lets no proxy buffer, cache or recode the stream', async () => {
  await using hub = await startTestHub();
  using reader = readStream(hub);
  await reader.until('ready');
  const head = reader.head.toLowerCase();
  expect(head).toMatch(/^http\/1\.1 200 ok\r\n/);
  expect(head).toContain('content-type: text/event-stream; charset=utf-8');
  expect(head).toContain('cache-control: no-store, no-transform');
  expect(head).toContain('x-accel-buffering: no');
  expect(reader.retryMs).toBe(RECONNECT_MS);
});

test('hello comes first, the snapshot of every host follows, ready ends it', async () => {
  await using hub = await startTestHub({ observers: [everything] });
  using reader = readStream(hub);
  await reader.until('ready');
  expect(reader.events.map((event) => event.name)).toEqual([
    'hello',
    'host',
    'source',
    'recent',
    'sample',
    'filesystems',
    'sensors',
    'processes',
    'log',
    'ready',
  ]);
  expect(reader.dataOf('hello')[0]).toMatchObject({
    protocol: 1,
    role: 'owner',
    hosts: null,
    resumed: false,
  });
  expect(reader.dataOf('sample')[0]).toEqual(sampleOf('web-1', 2));
  expect(reader.dataOf('recent')[0]!.series['cpu.user']).toEqual([1, 2]);
});

test('every event of a snapshot fits its schema', async () => {
  await using hub = await startTestHub({ observers: [everything] });
  using reader = readStream(hub);
  await reader.until('ready');
  for (const event of reader.events) streamEvents[event.name].schema.parse(event.data);
});

test('ids inside a snapshot are partial, and clean from ready on', async () => {
  await using hub = await startTestHub({ observers: [everything] });
  using reader = readStream(hub);
  const ready = await reader.until('ready');
  const inside = reader.events.slice(0, -1);
  expect(inside.every((event) => event.id.endsWith('~'))).toBe(true);
  expect(ready.id).toBe(ready.data.cursor);
  expect(ready.id).not.toContain('~');
});
