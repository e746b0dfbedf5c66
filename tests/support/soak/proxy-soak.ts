/** A stream behind each proxy that is installed: how soon an event passes, and whether it outlives minutes of silence. */
import { setTimeout as sleep } from 'node:timers/promises';
import { logLineOf, observedHost } from '../observations.ts';
import { proxyKinds, type ProxyKind } from '../proxies/proxy-kinds.ts';
import { readThrough } from '../proxies/read-through.ts';
import { startProxy } from '../proxies/start-proxy.ts';
import { startTestHub } from '../start-test-hub.ts';
import { hasTool } from '../system-tools.ts';
import { until } from '../until.ts';

export interface ProxySoakRow {
  name: string;
  /** From the request to the first event. */
  firstEventMs: number;
  /** From publishing a line to reading it, of twenty, one after the other. */
  medianMs: number;
  maxMs: number;
  pings: number;
  isAlive: boolean;
}

const EVENTS = 20;

/** All at once: they are silent nearly all of the time. */
export function soakProxies(minutes: number): Promise<ProxySoakRow[]> {
  return Promise.all(
    proxyKinds.filter(({ program }) => hasTool(program)).map((kind) => soakOne(kind, minutes)),
  );
}

async function soakOne(kind: ProxyKind, minutes: number): Promise<ProxySoakRow> {
  // Rotation would end the stream after eight minutes or more: here the proxy is to be the one that could.
  await using hub = await startTestHub({ flushWindowMs: 0, rotateMs: 0 });
  hub.sink.describe(observedHost());
  await using proxy = await startProxy(kind, { hubPort: hub.port });
  const askedAt = performance.now();
  await using reader = await readThrough(`${proxy.origin}/api/v1/stream?channels=logs`, {
    Authorization: `Bearer ${hub.ownerToken}`,
  });
  await until('the first event', () => reader.events.length > 0);
  const firstEventMs = performance.now() - askedAt;
  const times: number[] = [];
  for (let index = 0; index < EVENTS; index++) times.push(await timeOf(index));
  await Promise.race([sleep(minutes * 60_000), reader.ended]);
  const pings = reader.events.filter(({ event }) => event === 'ping').length;
  const isAlive = !reader.hasEnded && (await timeOf(EVENTS)) > 0;
  times.sort((a, b) => a - b);
  return {
    name: kind.name,
    firstEventMs,
    medianMs: times[EVENTS >> 1]!,
    maxMs: times.at(-1)!,
    pings,
    isAlive,
  };

  async function timeOf(index: number): Promise<number> {
    const publishedAt = performance.now();
    hub.sink.observe({ name: 'log', data: logLineOf('web-1', index) });
    await until(`line ${index}`, () => reader.textsOf('log').at(-1) === `line ${index}`);
    return performance.now() - publishedAt;
  }
}
