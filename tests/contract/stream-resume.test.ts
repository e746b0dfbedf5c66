/** A reader that comes back with its cursor: exact replay, or a reset that says why not. */
import { expect, test } from 'vitest';
import { formatCursor, parseCursor } from '../../shared/cursor.ts';
import { logLineOf, observedHost, sampleOf } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';

function startObservedHub(options = {}): Promise<TestHub> {
  return startTestHub({ observers: [new ScriptedObserver()], ...options });
}

function log(hub: TestHub, from: number, to: number): void {
  for (let index = from; index < to; index++)
    hub.sink.observe({ name: 'log', data: logLineOf('web-1', index) });
}

/** The cursor a reader holds right now. */
async function newestCursor(hub: TestHub): Promise<string> {
  using reader = readStream(hub);
  return (await reader.until('ready')).data.cursor;
}

test('what was missed is replayed in order and once, with its first ids', async () => {
  await using hub = await startObservedHub();
  const lastEventId = await newestCursor(hub);
  log(hub, 0, 5);
  using reader = readStream({ ...hub, lastEventId });
  const ready = await reader.until('ready');
  expect(reader.events.map((event) => event.name)).toEqual([
    'hello',
    'log',
    'log',
    'log',
    'log',
    'log',
    'ready',
  ]);
  expect(reader.dataOf('hello')[0]!.resumed).toBe(true);
  expect(reader.dataOf('log').map((line) => line.text)).toEqual([
    'line 0',
    'line 1',
    'line 2',
    'line 3',
    'line 4',
  ]);
  expect(ready.data.replayed).toBe(5);
  const sequences = reader.events.slice(1, 6).map((event) => parseCursor(event.id)!.sequence);
  expect(sequences).toEqual([1, 2, 3, 4, 5].map((step) => parseCursor(lastEventId)!.sequence + step));
});

test('the header wins over the query, which serves where no header can be set', async () => {
  await using hub = await startObservedHub();
  const older = await newestCursor(hub);
  log(hub, 0, 3);
  const newer = await newestCursor(hub);
  using byQuery = readStream({ ...hub, query: `lastEventId=${older}` });
  using byHeader = readStream({ ...hub, query: `lastEventId=${older}`, lastEventId: newer });
  expect((await byQuery.until('ready')).data.replayed).toBe(3);
  expect((await byHeader.until('ready')).data.replayed).toBe(0);
  expect(byHeader.dataOf('hello')[0]!.resumed).toBe(true);
});

test('the cursor of the REST snapshot goes on exactly where the answer ends', async () => {
  await using hub = await startObservedHub();
  const { cursor } = (await (await hub.get('/api/v1/hosts')).json()) as { cursor: string };
  log(hub, 0, 2);
  using reader = readStream({ ...hub, lastEventId: cursor });
  expect((await reader.until('ready')).data.replayed).toBe(2);
});

test('a replay holds only what the view holds', async () => {
  await using hub = await startObservedHub();
  const lastEventId = await newestCursor(hub);
  log(hub, 0, 2);
  hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 1) });
  using reader = readStream({ ...hub, lastEventId, query: 'channels=metrics' });
  await reader.until('ready');
  expect(reader.events.map((event) => event.name)).toEqual(['hello', 'sample', 'ready']);
});

test.for([
  ['malformed', () => 'no-cursor-at-all'],
  ['malformed', (cursor: string) => `${cursor}; drop`],
  ['epoch', (cursor: string) => formatCursor('otherepoch', parseCursor(cursor)!.sequence)],
  ['partial', (cursor: string) => `${cursor}~`],
  ['future', (cursor: string) => formatCursor(parseCursor(cursor)!.epoch, parseCursor(cursor)!.sequence + 1)],
] as const)('a cursor that is %s yields a reset and a fresh snapshot', async ([reason, broken]) => {
  await using hub = await startObservedHub();
  using reader = readStream({ ...hub, lastEventId: broken(await newestCursor(hub)) });
  await reader.until('ready');
  expect(reader.events.map((event) => event.name)).toEqual([
    'hello',
    'reset',
    'host',
    'recent',
    'sample',
    'ready',
  ]);
  expect(reader.dataOf('hello')[0]!.resumed).toBe(false);
  expect(reader.dataOf('reset')[0]!.reason).toBe(reason);
});

test('a cursor whose followers were evicted yields a reset, the oldest kept one a replay', async () => {
  await using hub = await startObservedHub({ replayBytes: 20_000 });
  const evicted = await newestCursor(hub);
  log(hub, 0, 500);
  const newest = parseCursor(await newestCursor(hub))!;
  using reader = readStream({ ...hub, lastEventId: evicted });
  await reader.until('ready');
  expect(reader.dataOf('reset')[0]!.reason).toBe('evicted');

  const kept = Number(/watchline_hub_replay_events (\d+)/.exec(await (await hub.get('/metrics')).text())![1]);
  const oldestKept = formatCursor(newest.epoch, newest.sequence - kept);
  using resumed = readStream({ ...hub, lastEventId: oldestKept });
  expect((await resumed.until('ready')).data.replayed).toBe(kept);
  const beforeThat = formatCursor(newest.epoch, newest.sequence - kept - 1);
  using refused = readStream({ ...hub, lastEventId: beforeThat });
  expect((await refused.until('reset')).data.reason).toBe('evicted');
});

test('a cursor of before a restart is of another epoch', async () => {
  const first = await startObservedHub();
  const lastEventId = await newestCursor(first);
  await first[Symbol.asyncDispose]();
  await using second = await startTestHub({ observers: [new ScriptedObserver(observedHost())] });
  using reader = readStream({ ...second, lastEventId });
  expect((await reader.until('reset')).data.reason).toBe('epoch');
});

test('a ping moves the cursor of a quiet view on, so that it can still be resumed', async () => {
  await using hub = await startObservedHub({ heartbeatMs: 20, replayBytes: 20_000 });
  using quiet = readStream({ ...hub, query: 'channels=processes' });
  await quiet.until('ready');
  log(hub, 0, 500);
  const { cursor } = (await (await hub.get('/api/v1/hosts')).json()) as { cursor: string };
  await quiet.until('ping', () => quiet.lastEventId === cursor);
  using resumed = readStream({ ...hub, query: 'channels=processes', lastEventId: quiet.lastEventId });
  expect((await resumed.until('hello')).data.resumed).toBe(true);
});
