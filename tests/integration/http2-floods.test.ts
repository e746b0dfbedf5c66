/** HTTP/2 clients that flood: their connection ends, memory stays flat, and everybody else is served. */
import { expect, test } from 'vitest';
import { connectRawHttp2, frames, type RawHttp2 } from '../support/http2-frames.ts';
import { observedHost } from '../support/observations.ts';
import { ask, openSession, readHttp2Stream } from '../support/secure-reader.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

const MEGABYTE = 1024 * 1024;
/** A flood is this long, unless the hub ends it. */
const FLOOD_FRAMES = 400_000;
const FRAMES_A_WRITE = 1_000;
/** Garbage of the flood itself, which is made in this very process. */
const MAX_GROWTH_BYTES = 96 * MEGABYTE;

/** Sends until the hub ends the connection. Returns how many frames left before that. */
async function flood(client: RawHttp2, frameAt: (index: number) => Buffer): Promise<number> {
  for (let sent = 0; sent < FLOOD_FRAMES; sent += FRAMES_A_WRITE) {
    const batch = Array.from({ length: FRAMES_A_WRITE }, (_, index) => frameAt(sent + index));
    const error = await new Promise((resolve) => client.socket.write(Buffer.concat(batch), resolve));
    // One turn of the event loop, so that the hub, which is in this process, has its say.
    await new Promise((resolve) => setImmediate(resolve));
    if (error || client.socket.destroyed) return sent;
  }
  return FLOOD_FRAMES;
}

test.for([
  ['PING frames whose answers it does not read', (): Buffer => frames.ping(), false],
  ['SETTINGS frames whose answers it does not read', (): Buffer => frames.settings(), false],
  [
    'requests it resets at once (CVE-2023-44487)',
    (index: number): Buffer => frames.openAndReset(2 * index + 1),
    true,
  ],
  [
    'CONTINUATION frames of a head that never ends',
    (index: number): Buffer => (index === 0 ? frames.openHead(1) : frames.continuation(1)),
    true,
  ],
] as const)('a client that floods with %s is closed', async ([, frameAt, reads]) => {
  await using hub = await startTestHub({ tls: 'self-signed' });
  using session = openSession(hub);
  const healthy = readHttp2Stream(session, hub);
  await until('a healthy stream', () => healthy.events.at(-1)?.name === 'ready');
  const before = process.memoryUsage().rss;

  using client = await connectRawHttp2(hub);
  if (!reads) client.socket.pause();
  const sent = await flood(client, frameAt);
  client.socket.resume();
  await client.closed;
  expect(sent).toBeLessThan(FLOOD_FRAMES);
  expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH_BYTES);

  hub.sink.describe(observedHost());
  await until('an event on the healthy stream', () => healthy.events.at(-1)?.name === 'host');
  expect((await ask(hub, 'HTTP/2', { path: '/healthz' })).status).toBe(200);
  expect(hub.troubles).toEqual([]);
});

test('a body that does not come ends its stream, not the connection', async () => {
  await using hub = await startTestHub({ tls: 'self-signed', headersTimeoutMs: 100, requestTimeoutMs: 100 });
  using client = await connectRawHttp2(hub);
  client.socket.write(frames.openBody(1));
  await until('the stream to be reset', () => client.received.includes('reset'));
  expect(client.socket.destroyed).toBe(false);
  expect(hub.troubles).toEqual([]);
});

test('more streams at once than one connection may have are refused, and those it has go on', async () => {
  await using hub = await startTestHub({ tls: 'self-signed' });
  using session = openSession(hub);
  const first = readHttp2Stream(session, hub);
  await until('the first stream', () => first.events.at(-1)?.name === 'ready');
  expect(session.remoteSettings.maxConcurrentStreams).toBe(128);
  expect(session.remoteSettings.maxHeaderListSize).toBe(16 * 1024);
  const many = Array.from({ length: 127 }, () => readHttp2Stream(session, hub));
  await until('as many as there may be', () => many.every(({ events }) => events.at(-1)?.name === 'ready'));
  expect(first.events.at(-1)?.name).toBe('ready');
});
