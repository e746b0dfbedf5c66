/** Clients that others wrote: each gets snapshot and live, comes back with its cursor, and sees every event once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { streamClients } from '../support/clients/stream-clients.ts';
import { startCuttingRelay } from '../support/cutting-relay.ts';
import { logLineOf, observedHost } from '../support/observations.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

/** In the snapshot of the first connection. */
const BEFORE = 50;
const EVENTS = 12_000;
const PER_TICK = 30;
/** Clients wait two seconds before they connect again. */
const PATIENCE_MS = 30_000;

/** About 3,000 lines a second. */
async function flood(hub: TestHub): Promise<void> {
  for (let index = BEFORE; index < EVENTS; index++) {
    hub.sink.observe({ name: 'log', data: logLineOf('web-1', index) });
    if (index % PER_TICK === 0) await sleep(10);
  }
}

describe.concurrent.each(streamClients)('$name', (client) => {
  test.skipIf(client.missing !== null)(
    'reads the snapshot, then what is live, and through two broken connections every event once',
    async () => {
      await using hub = await startTestHub({ replayBytes: 64 * 1024 * 1024 });
      hub.sink.describe(observedHost());
      for (let index = 0; index < BEFORE; index++)
        hub.sink.observe({ name: 'log', data: logLineOf('web-1', index) });
      await using relay = await startCuttingRelay(hub.port, client.survivesCuts);
      const lines: number[] = [];
      await using _reading = await client.read({
        url: `${relay.origin}/api/v1/stream?channels=logs`,
        token: hub.ownerToken,
        launchUrl: hub.launchUrl(),
        onLog: (data) =>
          lines.push(Number((JSON.parse(data) as { text: string }).text.slice('line '.length))),
      });
      await until('the snapshot', () => lines.length === BEFORE, PATIENCE_MS);
      const flooding = flood(hub);
      for (const place of [EVENTS / 6, EVENTS / 2]) {
        await until(`line ${place}`, () => lines.at(-1)! >= place, PATIENCE_MS);
        const before = relay.connections;
        relay.cut();
        await until('another connection', () => relay.connections > before, PATIENCE_MS);
      }
      await flooding;
      await until('the last line', () => lines.at(-1) === EVENTS - 1, PATIENCE_MS);
      expect(lines).toEqual(Array.from({ length: EVENTS }, (_, index) => index));
    },
    90_000,
  );
});
