/** Behind nginx, HAProxy and Caddy, at their defaults and compressing: a stream is what it is without them. */
import { describe, expect, test } from 'vitest';
import { metric } from '../support/metric.ts';
import { logLineOf, observedHost } from '../support/observations.ts';
import { proxyKinds, type ProxyKind } from '../support/proxies/proxy-kinds.ts';
import { readThrough, type FetchedStream } from '../support/proxies/read-through.ts';
import { startProxy, type RunningProxy } from '../support/proxies/start-proxy.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { hasTool } from '../support/system-tools.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const streamOfLogs = '/api/v1/stream?channels=logs';

/** Pings often, because a proxy may see that its client has left only when it has something to pass on. */
async function startHub(options = {}): Promise<TestHub> {
  const hub = await startTestHub({ flushWindowMs: 0, heartbeatMs: 200, ...options });
  hub.sink.describe(observedHost());
  return hub;
}

function bearer(hub: TestHub): Record<string, string> {
  return { Authorization: `Bearer ${hub.ownerToken}` };
}

async function readUntilReady(proxy: RunningProxy, headers: Record<string, string>): Promise<FetchedStream> {
  const reader = await readThrough(proxy.origin + streamOfLogs, headers);
  expect(reader.response.status).toBe(200);
  await until('ready', () => reader.events.some(({ event }) => event === 'ready'));
  return reader;
}

function log(hub: TestHub, index: number): void {
  hub.sink.observe({ name: 'log', data: logLineOf('web-1', index) });
}

/** The session cookie, fetched through the proxy. */
async function openSession(hub: TestHub, proxy: RunningProxy): Promise<string> {
  const ticket = hub.launchUrl().split('#ticket=')[1];
  const answer = await fetch(`${proxy.origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ticket }),
  });
  expect(answer.status).toBe(204);
  return answer.headers.get('set-cookie')!.split(';')[0]!;
}

describe.concurrent.each(proxyKinds)('$name', (kind: ProxyKind) => {
  const throughIt = test.skipIf(!hasTool(kind.program));

  throughIt('each event passes while the response is open, before the next one is published', async () => {
    for (const [compression, encoding] of [
      ['off', 'identity'],
      ['on', 'gzip'],
      ['on', 'zstd'],
    ] as const) {
      await using hub = await startHub({ compression });
      await using proxy = await startProxy(kind, { hubPort: hub.port });
      await using reader = await readUntilReady(proxy, { ...bearer(hub), 'Accept-Encoding': encoding });
      expect(reader.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(reader.response.headers.get('content-encoding')).toBe(encoding);
      for (let index = 0; index < 10; index++) {
        log(hub, index);
        await until(`line ${index}`, () => reader.textsOf('log').at(-1) === `line ${index}`);
      }
      expect(reader.hasEnded).toBe(false);
    }
  });

  throughIt('the cursor and the session cookie pass, and what was missed is replayed once', async () => {
    await using hub = await startHub();
    await using proxy = await startProxy(kind, { hubPort: hub.port });
    const cookie = await openSession(hub, proxy);
    await using first = await readUntilReady(proxy, { cookie });
    log(hub, 0);
    await until('line 0', () => first.textsOf('log').length === 1);
    first.abort();
    await first.ended;
    log(hub, 1);
    log(hub, 2);
    await using second = await readUntilReady(proxy, { cookie, 'Last-Event-ID': first.lastEventId });
    expect(second.textsOf('log')).toEqual(['line 1', 'line 2']);
  });

  throughIt('a client that leaves frees its slot', async () => {
    await using hub = await startHub({ maxStreams: 1 });
    await using proxy = await startProxy(kind, { hubPort: hub.port });
    await using first = await readUntilReady(proxy, bearer(hub));
    await using refused = await readThrough(proxy.origin + streamOfLogs, bearer(hub));
    expect(refused.response.status).toBe(429);
    expect(refused.response.headers.get('retry-after')).not.toBeNull();
    first.abort();
    await until('the slot', async () => (await metric(hub, 'watchline_hub_streams')) === 0);
    await using second = await readUntilReady(proxy, bearer(hub));
    expect(second.hasEnded).toBe(false);
  });

  throughIt('a hub that restarts ends the stream with bye, is away, and is found again', async () => {
    await using folder = await makeTempFolder();
    const before = await startHub({ dataDir: folder.path });
    await using proxy = await startProxy(kind, { hubPort: before.port });
    const cookie = await openSession(before, proxy);
    await using first = await readUntilReady(proxy, { cookie });
    await before[Symbol.asyncDispose]();
    await first.ended;
    expect(first.events.at(-1)!.event).toBe('bye');
    const away = await fetch(`${proxy.origin}/healthz`);
    expect(away.status).toBe(kind.awayStatus);

    await using after = await startHub({ dataDir: folder.path, port: before.port });
    await until('the hub behind it', async () => (await fetch(`${proxy.origin}/healthz`)).ok);
    await using second = await readUntilReady(proxy, { cookie, 'Last-Event-ID': first.lastEventId });
    expect(second.events.map(({ event }) => event)).toEqual(['hello', 'reset', 'host', 'ready']);
    log(after, 7);
    await until('what is live', () => second.textsOf('log').length === 1);
  });

  throughIt('a silent stream outlives the time limit of the proxy by its pings alone', async () => {
    const silenceMs = 1_000;
    await using hub = await startHub({ heartbeatMs: silenceMs / 4 });
    await using proxy = await startProxy(kind, { hubPort: hub.port, silenceMs });
    await using reader = await readUntilReady(proxy, bearer(hub));
    await until('twice the limit in pings', () => {
      expect(reader.hasEnded).toBe(false);
      return reader.events.filter(({ event }) => event === 'ping').length >= 8;
    });

    await using silentHub = await startHub({ heartbeatMs: 60_000 });
    await using sameProxy = await startProxy(kind, { hubPort: silentHub.port, silenceMs });
    await using cut = await readUntilReady(sameProxy, bearer(silentHub));
    await until('the proxy to cut what has no pings', () => cut.hasEnded);
  });
});
