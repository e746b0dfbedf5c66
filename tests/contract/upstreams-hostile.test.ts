/** What an upstream's address may lead to, and what comes of it: a clear word, bounded memory, and no token elsewhere. */
import { expect, test } from 'vitest';
import {
  startHostileUpstream,
  WRONG_CLOCK_MS,
  type UpstreamMisbehaviour,
} from '../support/hostile-upstream.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { addUpstream, hostsOfHub, untilUpstream, upstreamsOf } from '../support/upstream-client.ts';
import { until } from '../support/until.ts';

const quick = { upstreamRetryMs: 20, upstreamRefusedRetryMs: 50 };
const token = 'a-token-that-is-nobodys-business-0123456789';

test.each<[UpstreamMisbehaviour, 'refused' | 'waiting' | 'incompatible', string]>([
  ['login-page', 'refused', 'answered 200 with a web page, as a login page or a captive portal does.'],
  ['no-content', 'refused', 'answered 204, not a stream of events.'],
  ['plain-text', 'refused', 'answered 200 with "text/plain", not a stream of events.'],
  ['refusing-the-token', 'refused', 'refused the token (401): Not ␛[31mthis␛[0m one.'],
  ['busy', 'waiting', 'answered 503.'],
  ['redirects-in-circles', 'refused', 'sends readers again and again'],
  ['another-protocol', 'incompatible', 'speaks protocol 7, this one 1. Update this one.'],
  ['never-greets', 'refused', 'does not greet as a Watchline hub does.'],
  ['endless-line', 'waiting', 'larger than 16777216 characters'],
  ['endless-event', 'waiting', 'larger than 16777216 characters'],
  ['bomb', 'waiting', 'larger than 16777216 characters'],
  ['comments-only', 'waiting', 'the stream fell silent for 0.4 s'],
  ['odd-encoding', 'refused', 'sends its stream as "br"'],
  ['says-goodbye', 'waiting', 'that hub is stopping'],
])('%s: %s, with a word', async (misbehaviour, state, word) => {
  await using hostile = await startHostileUpstream(misbehaviour);
  const silenceMs = misbehaviour === 'comments-only' ? { upstreamSilenceMs: 400 } : {};
  await using hub = await startTestHub({ ...quick, ...silenceMs });
  const { id } = await addUpstream(hub, hostile.origin, { token });
  const entry = await untilUpstream(hub, state, id);
  expect(entry.reason).toContain(word);
  expect(JSON.stringify(entry)).not.toContain(token);
  await until('another try', () => hostile.asked.length > 1);
  expect(hostile.asked[0]!.token).toBe(`Bearer ${token}`);
});

test('a hub that redirects elsewhere never shows the token there', async () => {
  await using other = await startHostileUpstream('login-page');
  await using hostile = await startHostileUpstream('redirects-elsewhere', other.origin);
  await using hub = await startTestHub(quick);
  await addUpstream(hub, hostile.origin, { token });
  const { reason } = await untilUpstream(hub, 'refused');
  expect(reason).toContain(`sends readers elsewhere, to ${other.origin}; the token does not go there.`);
  await until('another try', () => hostile.asked.length > 2);
  expect(other.asked).toEqual([]);
});

test('a redirect within the same origin is followed, the token with it', async () => {
  await using hostile = await startHostileUpstream('redirects-within');
  await using hub = await startTestHub(quick);
  await addUpstream(hub, hostile.origin, { token });
  await untilUpstream(hub, 'live');
  expect(hostile.asked).toMatchObject([
    { path: '/api/v1/stream?recent=900', token: `Bearer ${token}` },
    { path: '/inner/stream', token: `Bearer ${token}` },
  ]);
});

test('events that do not fit are counted and left out, the others taken', async () => {
  await using hostile = await startHostileUpstream('bad-events');
  await using hub = await startTestHub(quick);
  using reader = readStream(hub);
  await reader.until('ready');
  await addUpstream(hub, hostile.origin, { token });
  await reader.until('log', ({ text }) => text === 'line 7');
  expect(
    reader
      .dataOf('log')
      .map(({ text }) => text)
      .slice(0, 2),
  ).toEqual(['line 1', 'line 7']);
  expect((await hostsOfHub(hub)).map(({ host }) => host.id)).toEqual(['web-1']);
  expect(await upstreamsOf(hub)).toMatchObject([{ skipped: 3 }]);
});

test('a compressed stream is read as it comes', async () => {
  await using hostile = await startHostileUpstream('compressed');
  await using hub = await startTestHub(quick);
  using reader = readStream(hub);
  await reader.until('ready');
  await addUpstream(hub, hostile.origin, { token });
  await reader.until('log', ({ text }) => text === 'line 1');
});

test('a wait that is asked for is kept', async () => {
  await using hostile = await startHostileUpstream('busy');
  await using hub = await startTestHub(quick);
  await addUpstream(hub, hostile.origin, { token });
  await until('another try', () => hostile.asked.length > 1);
  expect(hostile.asked[1]!.at - hostile.asked[0]!.at).toBeGreaterThanOrEqual(1_000);
});

test('what never ends is cut soon, and the hub lives on', async () => {
  await using hostile = await startHostileUpstream('endless-line');
  await using hub = await startTestHub({ ...quick, upstreamRetryMs: 60_000 });
  await addUpstream(hub, hostile.origin, { token });
  await untilUpstream(hub, 'waiting');
  expect(hostile.sentBytes).toBeLessThan(32 * 1024 * 1024);
  expect(await upstreamsOf(hub)).toHaveLength(1);
  expect(hub.troubles).toEqual([]);
});

test('times of a hub whose clock is wrong are corrected, and what it says of its hosts is shown', async () => {
  await using hostile = await startHostileUpstream('wrong-clock');
  await using hub = await startTestHub(quick);
  const startedAt = Date.now();
  await addUpstream(hub, hostile.origin, { token });
  await untilUpstream(hub, 'live');
  const [first, second] = await hostsOfHub(hub);
  expect(first!.sample!.time).toBeGreaterThanOrEqual(startedAt - 1_000);
  expect(first!.sample!.time).toBeLessThanOrEqual(Date.now());
  expect(first!.host.status).toBe('live');
  expect(first!.host.uplink!.skewMs).toBeGreaterThan(WRONG_CLOCK_MS - 60_000);
  expect(second!.host).toMatchObject({ id: 'web-2', status: 'asleep', lastSeen: expect.any(Number) });
});
