/** Readers that do not keep up: what they cost, what they still get, and when they are cut. */
import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readCompressed } from '../support/compressed-reader.ts';
import { metric } from '../support/metric.ts';
import { logLineOf, logSourceOf, observedHost, processesOf, sampleOf } from '../support/observations.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream, type StreamReader } from '../support/stream-reader.ts';
import { until } from '../support/until.ts';

const longText = 'x'.repeat(60_000);

async function startHub(options = {}): Promise<TestHub> {
  const hub = await startTestHub({ flushWindowMs: 1, ...options });
  hub.sink.describe(observedHost());
  return hub;
}

/** Opens a stream and stops reading it; then logs until the kernel's buffers are full. Returns how many lines. */
async function openStalled(hub: TestHub, query = ''): Promise<{ reader: StreamReader; lines: number }> {
  const reader = readStream({ ...hub, query });
  await reader.until('ready');
  reader.socket.pause();
  let lines = 0;
  await until('the reader to be backed up', async () => {
    for (let burst = 0; burst < 10; burst++) {
      hub.sink.observe({ name: 'log', data: logLineOf('web-1', lines++, { text: longText }) });
      await nextTurn();
    }
    return (await metric(hub, 'watchline_hub_backed_up_streams')) === 1;
  });
  return { reader, lines };
}

test('a reader that drains gets the newest of what conflates, and every log line or its count', async () => {
  await using hub = await startHub();
  const { reader, lines } = await openStalled(hub);
  using slow = reader;
  for (let index = 0; index < 50; index++) {
    hub.sink.observe({ name: 'sample', data: sampleOf('web-1', index) });
    hub.sink.observe({ name: 'processes', data: processesOf('web-1', index) });
    hub.sink.observe({ name: 'log', data: logLineOf('web-1', lines + index, { text: longText }) });
    hub.sink.observe({ name: 'source', data: logSourceOf('web-1', { since: index }) });
    await nextTurn();
  }
  hub.sink.observe({ name: 'log', data: logLineOf('web-1', 0, { text: 'the last of it', level: 'fatal' }) });
  await until(
    'the outbox to hold it all',
    async () => (await metric(hub, 'watchline_hub_conflated_events_total'))! >= 98,
  );
  slow.socket.resume();
  await slow.until('sample', (sample) => sample.cpu.user === 49);
  await slow.until('processes', (table) => table.rows[0]!.cpuPercent === 49);
  await until('every line or its count', () => {
    const counted = slow.dataOf('gap').reduce((sum, gap) => sum + (gap.count ?? 0), 0);
    return slow.dataOf('log').length + counted === lines + 51;
  });

  expect(slow.dataOf('sample')).toHaveLength(1);
  expect(slow.dataOf('processes')).toHaveLength(1);
  expect(slow.dataOf('source').map((source) => source.since)).toEqual(
    Array.from({ length: 50 }, (_, index) => index),
  );
  const [gap] = slow.dataOf('gap');
  expect(gap).toMatchObject({ host: 'web-1', channel: 'logs', reason: 'slow-reader' });
  expect(gap!.count).toBeGreaterThan(0);
  const ids = slow.events.map((event) => Number(/-(\d+)/.exec(event.id)![1]));
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  expect(await metric(hub, 'watchline_hub_streams')).toBe(1);
});

test('after it has drained, a slow reader is live again like any other', async () => {
  await using hub = await startHub();
  const { reader } = await openStalled(hub);
  using slow = reader;
  slow.socket.resume();
  await until(
    'the outbox to be empty',
    async () => (await metric(hub, 'watchline_hub_backed_up_streams')) === 0,
  );
  for (let index = 0; index < 20; index++) {
    hub.sink.observe({ name: 'sample', data: sampleOf('web-1', index) });
    await slow.until('sample', (sample) => sample.cpu.user === index);
  }
  expect(slow.dataOf('sample')).toHaveLength(20);
});

test('a reader that takes nothing is cut, and others are not', async () => {
  await using hub = await startHub({ outboxMs: 300 });
  using healthy = readStream({ ...hub, query: 'channels=metrics' });
  await healthy.until('ready');
  const { reader } = await openStalled(hub, 'channels=logs,metrics');
  using stalled = reader;
  await until('the cut', async () => (await metric(hub, 'watchline_hub_cuts_total{reason="stalled"}')) === 1);
  expect(await metric(hub, 'watchline_hub_streams')).toBe(1);
  hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 5) });
  await healthy.until('sample');
  stalled.socket.resume();
  await stalled.closed;
});

test('what must arrive overflows the outbox: the reader is cut and resumes without loss', async () => {
  await using hub = await startHub({ outboxBytes: 256 * 1024, replayBytes: 64 * 1024 * 1024 });
  const { reader } = await openStalled(hub);
  using stalled = reader;
  const reason = 'r'.repeat(10_000);
  for (let index = 0; index < 100; index++) {
    hub.sink.observe({ name: 'source', data: logSourceOf('web-1', { since: index, reason }) });
    await nextTurn();
  }
  await until(
    'the cut',
    async () => (await metric(hub, 'watchline_hub_cuts_total{reason="overflow"}')) === 1,
  );
  stalled.socket.resume();
  await stalled.closed;
  using resumed = readStream({ ...hub, lastEventId: stalled.lastEventId, query: 'channels=state' });
  await resumed.until('ready');
  const seen = [...stalled.dataOf('source'), ...resumed.dataOf('source')].map((source) => source.since);
  expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index));
});

test.for(['identity', 'gzip', 'zstd'] as const)(
  'a burst of many MiB in one turn cuts no reader that keeps up, and it gets all of it: %s',
  async (encoding) => {
    await using hub = await startHub({ compression: 'on' });
    using reader =
      encoding === 'identity' ? readStream(hub) : readCompressed(hub, encoding, 'channels=logs,metrics');
    const got = (name: string): boolean => reader.events.some((event) => event.name === name);
    await until('the reader to be live', () => got('ready'));
    const texts = Array.from({ length: 320 }, () => randomBytes(36_000).toString('base64'));
    for (const text of texts) hub.sink.observe({ name: 'log', data: logLineOf('web-1', 0, { text }) });
    // The burst has left the hub, as far as the kernel took it, and the next flush is due before sockets are looked at.
    await nextTurn();
    hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 7) });
    const flushDueAt = performance.now() + 5;
    while (performance.now() < flushDueAt);
    await until('what comes behind the burst', () => got('sample'));
    const received = reader.events.flatMap((event) => (event.name === 'log' ? event.data.text : []));
    expect(received.map((text) => texts.indexOf(text))).toEqual(texts.map((_, at) => at));
    expect(reader.events.filter(({ name }) => name === 'gap')).toEqual([]);
    expect(await metric(hub, 'watchline_hub_cuts_total{reason="overflow"}')).toBe(0);
  },
);

test('however many lines pass it by, a stalled reader holds no more than its bound', async () => {
  const outboxBytes = 1024 * 1024;
  await using hub = await startHub({ outboxBytes, replayBytes: 1024 * 1024 });
  const { reader, lines } = await openStalled(hub);
  using stalled = reader;
  let highest = 0;
  for (let index = 0; index < 2_000; index++) {
    hub.sink.observe({ name: 'log', data: logLineOf('web-1', lines + index, { text: longText }) });
    hub.sink.observe({ name: 'sample', data: sampleOf('web-1', index) });
    if (index % 200 === 0)
      highest = Math.max(highest, (await metric(hub, 'watchline_hub_outbox_max_bytes'))!);
    await nextTurn();
  }
  expect(highest).toBeGreaterThan(0);
  // The batch that found the socket full may pass the bound by itself.
  expect(highest).toBeLessThan(outboxBytes + 4 * longText.length);
  expect(stalled.events.length).toBeLessThan(lines + 10);
  expect(await metric(hub, 'watchline_hub_streams')).toBe(1);
});
