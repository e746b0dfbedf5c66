/** Nothing in the text of an event can end its field, forge another, or come out different. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { logLineOf, observedHost } from '../support/observations.ts';
import { connectRaw, getRequest } from '../support/raw-request.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { until } from '../support/until.ts';

const hostileTexts = [
  'two\nlines',
  'carriage\rreturn',
  'both\r\nof them',
  'a NUL \u0000 inside',
  'line separator \u2028 and paragraph separator \u2029',
  '\n\nid: forged-1\nevent: host\ndata: {"id":"evil"}\n\n',
  '\r\rid: forged-2\rdata: x\r\r',
  'data: x',
  '\ufeffid: y',
  ':comment',
  '\u001b]52;c;ZXZpbA==\u0007',
  'lone surrogate \ud800 here',
  '"}\n\nretry: 1\n\n{"',
  '😀 é 漢字',
];

test('hostile text arrives as one event with exactly that text', async () => {
  await using hub = await startTestHub();
  hub.sink.describe(observedHost());
  using reader = readStream({ ...hub, query: 'channels=logs' });
  await reader.until('ready');
  hostileTexts.forEach((text, index) => {
    hub.sink.observe({
      name: 'log',
      data: logLineOf('web-1', index, { text, source: text, fields: { [text]: text } }),
    });
  });
  hub.sink.observe({ name: 'log', data: logLineOf('web-1', 99, { text: 'the end' }) });
  await reader.until('log', (line) => line.text === 'the end');
  expect(reader.dataOf('log').map((line) => line.text)).toEqual([...hostileTexts, 'the end']);
  expect(reader.dataOf('log')[5]!.fields).toEqual({ [hostileTexts[5]!]: hostileTexts[5] });
  expect(reader.events.map((event) => event.name)).toEqual([
    'hello',
    'host',
    'ready',
    ...hostileTexts.map(() => 'log'),
    'log',
  ]);
  expect(reader.events.every((event) => event.id.includes('-') && !event.id.includes('forged'))).toBe(true);
  expect(reader.retryMs).not.toBe(1);
});

test('on the wire every event is one id, one event and one data line', async () => {
  await using hub = await startTestHub();
  hub.sink.describe(observedHost());
  for (const text of hostileTexts) hub.sink.observe({ name: 'log', data: logLineOf('web-1', 0, { text }) });
  using connection = connectRaw(
    hub.port,
    getRequest('/api/v1/stream', { Host: 'localhost', Authorization: `Bearer ${hub.ownerToken}` }),
  );
  await until('the snapshot', () => connection.text().includes('event: ready'));
  const body = connection.text().split('\r\n\r\n')[1]!;
  expect(body).not.toContain('\r');
  const blocks = body
    .replace(/^retry: \d+\n/, '')
    .trimEnd()
    .split('\n\n');
  expect(blocks).toHaveLength(hostileTexts.length + 3);
  for (const block of blocks) expect(block).toMatch(/^id: [a-z0-9]+-\d+~?\nevent: [a-z]+\ndata: [^\n]+$/);
});

test('what a reader sends on its open stream is ignored', async () => {
  await using hub = await startTestHub();
  hub.sink.describe(observedHost());
  using reader = readStream(hub);
  await reader.until('ready');
  reader.socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  reader.socket.write(Buffer.alloc(100_000, 'x'));
  hub.sink.observe({ name: 'log', data: logLineOf() });
  await reader.until('log');
  expect(reader.events.map((event) => event.name)).toEqual(['hello', 'host', 'ready', 'log']);
});

test('a client that sends requests behind a stream request is closed, the hub lives on', async () => {
  await using hub = await startTestHub();
  const request = getRequest('/api/v1/stream', {
    Host: 'localhost',
    Authorization: `Bearer ${hub.ownerToken}`,
  });
  for (const text of [request + request, request + getRequest('/healthz', { Host: 'localhost' })]) {
    const socket = connect(hub.port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.write(text);
    await once(socket, 'close');
  }
  expect((await hub.get('/healthz')).status).toBe(200);
  expect(hub.troubles).toEqual([]);
});
