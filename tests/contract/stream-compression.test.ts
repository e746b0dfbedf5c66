/** Compression: who gets it, that it decodes event by event, and that a stream which ends is whole. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readCompressed, type CompressedReader } from '../support/compressed-reader.ts';
import { metric } from '../support/metric.ts';
import { logLineOf, observedHost, processesOf, sampleOf } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { hasTool } from '../support/system-tools.ts';
import { until } from '../support/until.ts';

const encodings = ['gzip', 'zstd'] as const;
const decode = { gzip: gunzipSync, zstd: zstdDecompressSync };

function startHub(options = {}): Promise<TestHub> {
  return startTestHub({ compression: 'on', observers: [new ScriptedObserver()], ...options });
}

function untilSample(reader: CompressedReader, user: number): Promise<unknown> {
  return reader.until('sample', ({ data }) => (data as { cpu: { user: number } }).cpu.user === user);
}

test('the head names the encoding and what it depends on', async () => {
  await using hub = await startHub();
  for (const encoding of encodings) {
    using reader = readCompressed(hub, encoding);
    await reader.until('ready');
    expect(reader.head.toLowerCase()).toContain(`content-encoding: ${encoding}\r\n`);
    expect(reader.head.toLowerCase()).toMatch(/vary: .*accept-encoding/);
  }
  using plain = readStream(hub);
  await plain.until('ready');
  expect(plain.head.toLowerCase()).toContain('content-encoding: identity\r\n');
  expect(plain.head.toLowerCase()).toMatch(/vary: .*accept-encoding/);
});

test.for([
  ['gzip', 'gzip'],
  ['br, gzip;q=0.5', 'gzip'],
  ['*', 'gzip'],
  ['gzip;q=0', 'identity'],
  ['*;q=1, gzip;q=0', 'identity'],
  ['br, deflate', 'identity'],
  ['br, zstd', 'zstd'],
  ['gzip, deflate, br, zstd', 'zstd'],
  ['gzip;q=1.0, zstd;q=0.9', 'gzip'],
  ['gzip;q=0.2, ZSTD;q=0.3', 'zstd'],
  ['gzip, zstd;q=0', 'gzip'],
  ['gzip;q=0, zstd', 'zstd'],
] as const)('Accept-Encoding: %s', async ([header, encoding]) => {
  await using hub = await startHub();
  using reader = readStream({ ...hub, headers: { 'Accept-Encoding': header } });
  await until('the head', () => reader.head !== '' && !reader.head.includes('\r\n\r\n'));
  expect(reader.head.toLowerCase()).toContain(`content-encoding: ${encoding}`);
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

test('readers of every encoding share a view: each event decodes as it comes, whenever they joined', async () => {
  await using hub = await startHub({ flushWindowMs: 1 });
  using plain = readStream(hub);
  await plain.until('ready');
  const readers: CompressedReader[] = [];
  for (let index = 0; index < 60; index++) {
    if (index % 10 === 0) {
      for (const encoding of encodings) {
        const reader = readCompressed(hub, encoding);
        await reader.until('ready');
        readers.push(reader);
      }
    }
    hub.sink.observe({ name: 'sample', data: sampleOf('web-1', index) });
    hub.sink.observe({ name: 'processes', data: processesOf('web-1', index) });
    hub.sink.observe({
      name: 'log',
      data: logLineOf('web-1', index, { text: `line ${index} ${'-'.repeat(index)}` }),
    });
    // Not the next one before this one was decoded: a block never waits for another.
    await Promise.all(
      readers.map((reader) =>
        reader.until('log', ({ data }) => (data as { text: string }).text.startsWith(`line ${index} `)),
      ),
    );
  }
  await plain.until('log', ({ text }) => text.startsWith('line 59 '));
  for (const encoding of encodings)
    expect(await metric(hub, `watchline_hub_compressed_streams{encoding="${encoding}"}`)).toBe(6);
  for (const reader of readers) {
    const ready = reader.events.findIndex(({ name }) => name === 'ready');
    const live = reader.events.slice(ready + 1);
    expect(live).toEqual(plain.events.slice(-live.length));
    reader.socket.destroy();
  }
});

test('zstd adds blank lines and nothing else, and asks for a window of 128 KiB', async () => {
  const hub = await startHub({ heartbeatMs: 20 });
  using reader = readCompressed(hub, 'zstd');
  await reader.until('ready');
  hub.sink.observe({ name: 'log', data: logLineOf('web-1', 1, { text: 'a\n\n\n\nb' }) });
  await reader.until('log');
  await reader.until('ping');
  await hub[Symbol.asyncDispose]();
  await reader.closed;
  // RFC 8878, 3.1.1.1: the magic number, no field that may be left out, and an exponent of 7 over 2^10.
  expect([...reader.wire.subarray(0, 6)]).toEqual([0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3]);
  const text = zstdDecompressSync(reader.wire).toString();
  expect(text).toMatch(
    /^retry: 2000\n(\n*id: .*\nevent: .*\ndata: .*\n\n)+\n*retry: \d+\nid: .*\nevent: bye\ndata: .*\n\n+$/,
  );
});

describe.each(encodings)('%s', (encoding) => {
  test('a stream that ends with bye is whole', async () => {
    const hub = await startHub({ heartbeatMs: 20, flushWindowMs: 1 });
    const readers = Array.from({ length: 5 }, () => readCompressed(hub, encoding));
    await Promise.all(readers.map((reader) => reader.until('ready')));
    for (let index = 0; index < 30; index++) {
      hub.sink.observe({ name: 'sample', data: sampleOf('web-1', index) });
      await Promise.all(readers.map((reader) => untilSample(reader, index)));
    }
    await Promise.all(readers.map((reader) => reader.until('ping')));
    await hub[Symbol.asyncDispose]();
    for (const reader of readers) {
      await reader.closed;
      const text = decode[encoding](reader.wire).toString();
      expect(text).toMatch(/^retry: 2000\n/);
      expect(text).toContain('event: ping\n');
      expect(text).toMatch(/event: bye\ndata: \{"reason":"shutdown","retryMs":\d+\}\n+$/);
      // One that was cut is not taken for whole.
      expect(() => decode[encoding](reader.wire.subarray(0, -1))).toThrow('unexpected end of file');
    }
  });

  test('a slow reader gets its gaps and the newest numbers in the same stream', async () => {
    await using hub = await startHub({ flushWindowMs: 1 });
    using slow = readCompressed(hub, encoding);
    await slow.until('ready');
    slow.socket.pause();
    let lines = 0;
    await until('the reader to be backed up', async () => {
      for (let burst = 0; burst < 20; burst++) {
        // Noise, which no compression makes small.
        const text = Array.from({ length: 4_000 }, () => Math.random().toString(36).slice(2)).join('');
        const line = logLineOf('web-1', lines++, { text: text.slice(0, 60_000) });
        hub.sink.observe({ name: 'log', data: line });
        await new Promise((resolve) => setImmediate(resolve));
      }
      return (await metric(hub, 'watchline_hub_skipped_events_total'))! > 0;
    });
    hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 77) });
    slow.socket.resume();
    await untilSample(slow, 77);
    const gaps = slow.events
      .filter(({ name }) => name === 'gap')
      .map(({ data }) => (data as { count: number }).count);
    const logs = slow.events.filter(({ name }) => name === 'log').length;
    await until(
      'every line or its count',
      () => logs + gaps.reduce((sum, count) => sum + count, 0) === lines,
    );
  });

  test('a thousand readers cost one compression per event', async () => {
    await using hub = await startHub();
    const readers = Array.from({ length: 50 }, () =>
      readCompressed(hub, encoding, 'channels=metrics&recent=0'),
    );
    await Promise.all(readers.map((reader) => reader.until('ready')));
    const series = `watchline_hub_compressed_bytes_total{encoding="${encoding}",side="in"}`;
    const before = (await metric(hub, series))!;
    hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 99) });
    await Promise.all(readers.map((reader) => untilSample(reader, 99)));
    const once = JSON.stringify(sampleOf('web-1', 99)).length;
    const compressed = (await metric(hub, series))! - before;
    expect(compressed).toBeGreaterThan(once / 2);
    expect(compressed).toBeLessThan(2 * once);
    for (const reader of readers) reader.socket.destroy();
  });

  test.skipIf(!hasTool('curl'))('curl --compressed shows events as they come', async () => {
    await using hub = await startHub();
    const curl = spawn('curl', [
      ...['-isN', '--compressed', '-H', `Accept-Encoding: ${encoding}`],
      ...['-H', `Authorization: Bearer ${hub.ownerToken}`, `${hub.origin}/api/v1/stream?channels=logs`],
    ]);
    let output = '';
    curl.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until('ready', () => output.includes('event: ready'));
    expect(output.toLowerCase()).toContain(`content-encoding: ${encoding}\r\n`);
    for (let index = 0; index < 5; index++) {
      hub.sink.describe(observedHost());
      hub.sink.observe({ name: 'log', data: logLineOf('web-1', index) });
      await until(`line ${index}`, () => output.includes(`line ${index}"`));
    }
    curl.kill();
    await once(curl, 'close');
  });
});
