/** Compression: who gets it, that it decodes event by event, and that a stream which ends is whole gzip. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readGzip } from '../support/gzip-reader.ts';
import { metric } from '../support/metric.ts';
import { logLineOf, observedHost, processesOf, sampleOf } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { hasTool } from '../support/system-tools.ts';
import { until } from '../support/until.ts';

function startHub(options = {}): Promise<TestHub> {
  return startTestHub({ compression: 'on', observers: [new ScriptedObserver()], ...options });
}

test('the head names the encoding and what it depends on', async () => {
  await using hub = await startHub();
  using reader = readGzip(hub);
  await reader.until('ready');
  expect(reader.head.toLowerCase()).toContain('content-encoding: gzip\r\n');
  expect(reader.head.toLowerCase()).toMatch(/vary: .*accept-encoding/);
  using plain = readStream(hub);
  await plain.until('ready');
  expect(plain.head.toLowerCase()).toContain('content-encoding: identity\r\n');
  expect(plain.head.toLowerCase()).toMatch(/vary: .*accept-encoding/);
});

test.for([
  ['gzip', true],
  ['br, gzip;q=0.5', true],
  ['*', true],
  ['gzip;q=0', false],
  ['*;q=1, gzip;q=0', false],
  ['br, zstd', false],
] as const)('Accept-Encoding: %s', async ([header, isGzip]) => {
  await using hub = await startHub();
  using reader = readStream({ ...hub, headers: { 'Accept-Encoding': header } });
  await until('the head', () => reader.head !== '' && !reader.head.includes('\r\n\r\n'));
  expect(reader.head.toLowerCase().includes('content-encoding: gzip')).toBe(isGzip);
});

test.for([
  ['auto', {}, false],
  ['auto', { 'X-Forwarded-For': '203.0.113.5' }, true],
  ['auto', { Via: '1.1 caddy' }, true],
  ['off', { 'X-Forwarded-For': '203.0.113.5' }, false],
] as const)('on this machine: %s with %o', async ([compression, headers, isGzip]) => {
  await using hub = await startHub({ compression });
  using reader = readStream({ ...hub, headers: { 'Accept-Encoding': 'gzip', ...headers } });
  await until('the head', () => reader.head !== '');
  expect(reader.head.toLowerCase().includes('content-encoding: gzip')).toBe(isGzip);
});

test('each event decodes as it comes, beside readers that joined before, after, and without compression', async () => {
  await using hub = await startHub({ flushWindowMs: 1 });
  using plain = readStream(hub);
  await plain.until('ready');
  const readers = [];
  for (let index = 0; index < 60; index++) {
    if (index % 10 === 0) {
      const reader = readGzip(hub);
      await reader.until('ready');
      readers.push(reader);
    }
    hub.sink.observe({ name: 'sample', data: sampleOf('web-1', index) });
    hub.sink.observe({ name: 'processes', data: processesOf('web-1', index) });
    hub.sink.observe({ name: 'log', data: logLineOf('web-1', index) });
    // Not the next one before this one was decoded: a block never waits for another.
    await Promise.all(
      readers.map((reader) =>
        reader.until('log', ({ data }) => (data as { text: string }).text === `line ${index}`),
      ),
    );
  }
  await plain.until('log', ({ text }) => text === 'line 59');
  for (const reader of readers) {
    const ready = reader.events.findIndex(({ name }) => name === 'ready');
    const live = reader.events.slice(ready + 1);
    expect(live).toEqual(plain.events.slice(-live.length));
    reader.socket.destroy();
  }
});

test('a stream that ends with bye is whole gzip, checksum and length included', async () => {
  const hub = await startHub({ heartbeatMs: 20, flushWindowMs: 1 });
  const readers = Array.from({ length: 5 }, () => readGzip(hub));
  await Promise.all(readers.map((reader) => reader.until('ready')));
  for (let index = 0; index < 30; index++) {
    hub.sink.observe({ name: 'sample', data: sampleOf('web-1', index) });
    await Promise.all(
      readers.map((reader) =>
        reader.until('sample', ({ data }) => (data as { cpu: { user: number } }).cpu.user === index),
      ),
    );
  }
  await Promise.all(readers.map((reader) => reader.until('ping')));
  await hub[Symbol.asyncDispose]();
  for (const reader of readers) {
    await reader.closed;
    const text = gunzipSync(reader.wire).toString();
    expect(text).toMatch(/^retry: 2000\n/);
    expect(text).toContain('event: ping\n');
    expect(text).toMatch(/event: bye\ndata: \{"reason":"shutdown","retryMs":\d+\}\n\n$/);
  }
});

test('a slow reader gets its gaps and the newest numbers in the same gzip stream', async () => {
  await using hub = await startHub({ flushWindowMs: 1 });
  using slow = readGzip(hub);
  await slow.until('ready');
  slow.socket.pause();
  let lines = 0;
  await until('the reader to be backed up', async () => {
    for (let burst = 0; burst < 20; burst++) {
      // Noise, which no compression makes small.
      const text = Array.from({ length: 4_000 }, () => Math.random().toString(36).slice(2)).join('');
      hub.sink.observe({ name: 'log', data: logLineOf('web-1', lines++, { text: text.slice(0, 60_000) }) });
      await new Promise((resolve) => setImmediate(resolve));
    }
    return (await metric(hub, 'watchline_hub_skipped_events_total'))! > 0;
  });
  hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 77) });
  slow.socket.resume();
  await slow.until('sample', ({ data }) => (data as { cpu: { user: number } }).cpu.user === 77);
  const gaps = slow.events
    .filter(({ name }) => name === 'gap')
    .map(({ data }) => (data as { count: number }).count);
  const logs = slow.events.filter(({ name }) => name === 'log').length;
  await until('every line or its count', () => logs + gaps.reduce((sum, count) => sum + count, 0) === lines);
});

test('a thousand readers cost one compression per event', async () => {
  await using hub = await startHub();
  const readers = Array.from({ length: 50 }, () => readGzip(hub, 'channels=metrics&recent=0'));
  await Promise.all(readers.map((reader) => reader.until('ready')));
  const bytesIn = async () => (await metric(hub, 'watchline_hub_compressed_bytes_total{encoding="gzip",side="in"}'))!;
  const before = await bytesIn();
  hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 99) });
  await Promise.all(
    readers.map((reader) =>
      reader.until('sample', ({ data }) => (data as { cpu: { user: number } }).cpu.user === 99),
    ),
  );
  const once = JSON.stringify(sampleOf('web-1', 99)).length;
  expect((await bytesIn()) - before).toBeLessThan(2 * once);
  for (const reader of readers) reader.socket.destroy();
});

test.skipIf(!hasTool('curl'))('curl --compressed shows events as they come', async () => {
  await using hub = await startHub();
  const curl = spawn('curl', [
    ...['-sN', '--compressed', '-H', `Authorization: Bearer ${hub.ownerToken}`],
    `${hub.origin}/api/v1/stream?channels=logs`,
  ]);
  let output = '';
  curl.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until('ready', () => output.includes('event: ready'));
  for (let index = 0; index < 5; index++) {
    hub.sink.describe(observedHost());
    hub.sink.observe({ name: 'log', data: logLineOf('web-1', index) });
    await until(`line ${index}`, () => output.includes(`line ${index}"`));
  }
  curl.kill();
  await once(curl, 'close');
});
