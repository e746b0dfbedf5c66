/** `?interval=`: samples thinned out per host, the same for live readers and those that come back. */
import { expect, test } from 'vitest';
import { logLineOf, observedHost, processesOf, sampleOf } from '../support/observations.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import type { Problem } from '../../shared/snapshot.ts';

const startTime = 1_700_000_000_000;

/** Twelve seconds of two hosts, a sample and a process table a second, and a log line that marks the end. */
function observeTwelveSeconds(hub: TestHub): void {
  for (let second = 0; second < 12; second++) {
    for (const host of ['web-1', 'db-1']) {
      const time = startTime + second * 1_000 + 300;
      hub.sink.observe({ name: 'sample', data: { ...sampleOf(host, second), time } });
      hub.sink.observe({ name: 'processes', data: { ...processesOf(host, second), time } });
    }
  }
  hub.sink.observe({ name: 'log', data: logLineOf('web-1', 99) });
}

async function startTwoHosts(): Promise<TestHub> {
  const hub = await startTestHub({ flushWindowMs: 1 });
  for (const id of ['web-1', 'db-1']) hub.sink.describe(observedHost(id));
  return hub;
}

const expected = ['web-1', 'db-1'].map((host) => [
  host,
  [0, 5, 10].map((second) => startTime + second * 1_000 + 300),
]);

test('at most one sample and one process table per host and interval', async () => {
  await using hub = await startTwoHosts();
  using reader = readStream({ ...hub, query: 'interval=5000' });
  await reader.until('ready');
  observeTwelveSeconds(hub);
  await reader.until('log', (line) => line.text === 'line 99');
  for (const name of ['sample', 'processes'] as const) {
    const times = (host: string) => reader.dataOf(name).filter((data) => data.host === host);
    expect(['web-1', 'db-1'].map((host) => [host, times(host).map(({ time }) => time)])).toEqual(expected);
  }
  expect(reader.dataOf('hello')[0]!.intervalMs).toBe(5_000);
});

test('a reader that comes back gets what one that stayed has got', async () => {
  await using hub = await startTwoHosts();
  using gone = readStream({ ...hub, query: 'interval=5000' });
  using stayed = readStream({ ...hub, query: 'interval=5000' });
  const { data } = await gone.until('ready');
  await stayed.until('ready');
  gone.socket.destroy();
  observeTwelveSeconds(hub);
  await stayed.until('log', (line) => line.text === 'line 99');
  using back = readStream({ ...hub, query: 'interval=5000', lastEventId: data.cursor });
  await back.until('ready');
  expect(back.dataOf('hello')[0]!.resumed).toBe(true);
  expect(back.dataOf('sample')).toEqual(stayed.dataOf('sample'));
  expect(back.dataOf('processes')).toEqual(stayed.dataOf('processes'));
});

test('without it, every sample', async () => {
  await using hub = await startTwoHosts();
  using reader = readStream(hub);
  await reader.until('ready');
  observeTwelveSeconds(hub);
  await reader.until('log', (line) => line.text === 'line 99');
  expect(reader.dataOf('sample')).toHaveLength(24);
});

test.for(['0', '99', '3600001', '-5000', '1e4', ''])('interval=%s is refused', async (value) => {
  await using hub = await startTestHub();
  const answer = await hub.get(`/api/v1/stream?interval=${value}`);
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as Problem).error.message).toContain('"interval"');
});
