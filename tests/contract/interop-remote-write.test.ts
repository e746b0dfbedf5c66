/** Remote write: what is sent fits its specification, and each value is taken once, whatever the receiver answers. */
import { readFileSync, statSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { keyringOf } from '../../hub/access/keyring.ts';
import type { RemoteWriteEntry } from '../../shared/schema/interop.ts';
import { addTarget, askTargets, targetsOf, untilTarget } from '../support/interop-client.ts';
import { filesystemsOf, observedHost, sampleOf } from '../support/observations.ts';
import {
  startWriteReceiver,
  type ReceivedSeries,
  type WriteReceiver,
} from '../support/peers/write-receiver.ts';
import type { HubOptions } from '../../hub/hub-options.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const quick = { remoteWriteMs: 20, upstreamRetryMs: 10, upstreamRefusedRetryMs: 20 };
const busy = 'watchline_cpu_ratio';
const secret = 'correct horse battery';

/** Samples of the seconds from `first` to `end`, their user share counting up. */
function measure(hub: TestHub, host: string, start: number, first: number, end: number): void {
  for (let second = first; second < end; second++) {
    hub.sink.observe({ name: 'sample', data: sampleOf(host, second, { time: start + second * 1_000 }) });
  }
}

function expected(start: number, first: number, end: number): [number, number][] {
  return Array.from({ length: end - first }, (_, at) => [
    start + (first + at + 1) * 1_000,
    (first + at) / 100,
  ]);
}

const userOf = (receiver: WriteReceiver, host: string) => receiver.valuesOf(busy, host, { mode: 'user' });

/** A pass ends with what is no series. */
function isEndOfPass(series: readonly ReceivedSeries[]): boolean {
  return (
    series.length > 1 && series.some(({ labels }) => labels.some(([, value]) => value === 'watchline_hub_up'))
  );
}

function untilEntry(hub: TestHub, what: string, isWanted: (entry: RemoteWriteEntry) => boolean) {
  return untilTarget(hub, 'remote-writes', what, isWanted);
}

interface WritingHub extends AsyncDisposable {
  readonly hub: TestHub;
  /** From here on nothing was written yet: some seconds ago. */
  readonly start: number;
}

/** A hub that was stopped some seconds ago, when all of `web-1` and `db-1` was written; kept without a history, so that memory is what is sent. */
async function startWriting(
  receiver: WriteReceiver,
  more: object = {},
  options: Partial<HubOptions> = {},
): Promise<WritingHub> {
  await using opened = new AsyncDisposableStack();
  const { path: dataDir } = opened.use(await makeTempFolder());
  const start = Math.floor(Date.now() / 1_000) * 1_000 - 15_000;
  const kept = {
    id: 'abcd1234',
    url: `${receiver.origin}/api/v1/write`,
    user: null,
    secret: null,
    pin: null,
  };
  const place = { ...kept, paused: false, everySeconds: 1, labels: {}, tenant: null, ...more };
  await mkdir(path.join(dataDir, 'remote-writes'));
  await writeFile(path.join(dataDir, 'remote-writes.json'), JSON.stringify({ remoteWrites: [place] }));
  const hosts = { 'web-1': start, 'db-1': start };
  await writeFile(path.join(dataDir, 'remote-writes', 'abcd1234.json'), JSON.stringify({ hosts }));
  const hub = opened.use(await startTestHub({ ...quick, historyBytes: 0, ...options, dataDir }));
  hub.sink.describe(observedHost('web-1'));
  await untilEntry(hub, 'a live place', ({ state }) => state === 'live');
  const closing = opened.move();
  return { hub, start, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

/** It begins at once, and not after the wait it is in. */
async function startOver(hub: TestHub): Promise<void> {
  for (const paused of [true, false])
    await askTargets(hub, 'remote-writes', 'PATCH', '/abcd1234', { paused });
}

test('a request is as the specification says: headers, labels in order, times that ascend', async () => {
  await using receiver = await startWriteReceiver();
  const more = { labels: { zone: 'b', host: 'not this' }, tenant: 'ops', user: 'ana', secret };
  await using writing = await startWriting(receiver, more);
  const { hub, start } = writing;
  measure(hub, 'web-1', start, 0, 3);
  hub.sink.observe({ name: 'filesystems', data: filesystemsOf() });
  await until('two values', () => userOf(receiver, 'web-1').length === 2);
  await until('a filesystem', () => receiver.valuesOf('watchline_filesystem_bytes', 'web-1').length > 0);
  expect(userOf(receiver, 'web-1')).toEqual(expected(start, 0, 2));
  for (const { headers, series } of receiver.requests) {
    expect(headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
      'x-scope-orgid': 'ops',
      authorization: `Basic ${Buffer.from(`ana:${secret}`).toString('base64')}`,
    });
    for (const { labels, samples } of series) {
      const names = labels.map(([name]) => name);
      expect(names).toEqual([...new Set(names)].sort());
      expect(labels).toContainEqual(['job', 'watchline']);
      expect(labels).toContainEqual(['zone', 'b']);
      const isOfHost = labels.some(([, value]) => value === 'web-1');
      expect(labels.some(([, value]) => value === 'web-1.example.net')).toBe(isOfHost);
      expect(samples.map(([time]) => time)).toEqual(samples.map(([time]) => time).sort((a, b) => a - b));
    }
  }
  expect(JSON.stringify(await targetsOf(hub, 'remote-writes'))).not.toContain(secret);
});

test('a place is added: its secret is sealed, told by nobody, and what was measured before is not sent', async () => {
  await using receiver = await startWriteReceiver();
  await using hub = await startTestHub({ ...quick, keyring: keyringOf(Buffer.alloc(32, 7)) });
  hub.sink.describe(observedHost('web-1'));
  measure(hub, 'web-1', Math.floor(Date.now() / 1_000) * 1_000 - 10_000, 0, 10);
  const url = `${receiver.origin}/api/v1/write`;
  const added = await addTarget(hub, 'remote-writes', { url, everySeconds: 1, secret });
  const entry = await untilEntry(hub, 'something sent', ({ sent }) => sent > 0);
  expect(receiver.requests[0]!.headers.authorization).toBe(`Bearer ${secret}`);
  expect(userOf(receiver, 'web-1')).toEqual([]);
  const file = path.join(hub.dataDir, 'remote-writes.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const text of [JSON.stringify([added, entry]), readFileSync(file, 'utf8')])
    expect(text).not.toContain(secret);
  expect((await askTargets(hub, 'remote-writes', 'DELETE', `/${added.id}`)).status).toBe(204);
  expect(await targetsOf(hub, 'remote-writes')).toEqual([]);
});

test('overloaded, broken, gone: it waits as long as it is asked to, and then sends what is missing, once', async () => {
  await using receiver = await startWriteReceiver();
  await using writing = await startWriting(receiver);
  const { hub, start } = writing;
  measure(hub, 'web-1', start, 0, 2);
  await until('the first value', () => userOf(receiver, 'web-1').length === 1);
  await until('the end of the pass', () => isEndOfPass(receiver.requests.at(-1)!.series));
  for (const [at, status] of [429, 500, 503].entries()) {
    receiver.judge = () => ({ status, body: 'too much\nof it', retryAfter: '0' });
    // At once: the next request holds it, and is refused.
    measure(hub, 'web-1', start, 2 + at, 3 + at);
    const entry = await untilEntry(
      hub,
      `an answer of ${status}`,
      ({ reason }) => reason?.includes(String(status)) === true,
    );
    expect(entry).toMatchObject({ state: 'waiting', refused: 0 });
    expect(entry.reason).toContain('too much');
  }
  receiver.judge = () => ({ status: 204 });
  await until('all values', () => userOf(receiver, 'web-1').length >= 4);
  expect(userOf(receiver, 'web-1')).toEqual(expected(start, 0, 4));

  receiver.judge = () => ({ status: 429, retryAfter: '3600' });
  measure(hub, 'web-1', start, 5, 6);
  await untilEntry(hub, 'a long wait', ({ state }) => state === 'waiting');
  const count = receiver.requests.length;
  // Another place is written to meanwhile, again and again.
  await using other = await startWriteReceiver();
  await addTarget(hub, 'remote-writes', { url: `${other.origin}/write`, everySeconds: 1 });
  await until('some passes', () => other.requests.length > 5);
  expect(receiver.requests.length).toBe(count);
});

test('a wrong secret or address loses nothing: it is said, and sent when it is right', async () => {
  await using receiver = await startWriteReceiver();
  await using writing = await startWriting(receiver);
  const { hub, start } = writing;
  for (const [status, word] of [
    [401, 'secret'],
    [404, 'address'],
    [400, 'takes no samples'],
  ] as const) {
    receiver.judge = () => ({ status });
    await startOver(hub);
    const entry = await untilEntry(hub, `${status}`, ({ reason }) => reason?.includes(word) === true);
    expect(entry).toMatchObject({ state: 'refused', refused: 0 });
  }
  measure(hub, 'web-1', start, 0, 3);
  receiver.judge = () => ({ status: 204 });
  await until('all values', () => userOf(receiver, 'web-1').length >= 2);
  expect(userOf(receiver, 'web-1')).toEqual(expected(start, 0, 2));
});

test('of what a receiver refuses for good the rest is taken: another host, another second', async () => {
  await using receiver = await startWriteReceiver();
  await using writing = await startWriting(receiver);
  const { hub, start } = writing;
  hub.sink.describe(observedHost('db-1'));
  await until('a second host', () => receiver.valuesOf('watchline_host_status', 'db-1').length > 0);
  const isBad = ({ labels, samples }: ReceivedSeries) =>
    labels.some(([, value]) => value === 'web-1') && samples.some(([time]) => time === start + 2_000);
  receiver.judge = (series) =>
    series.some(isBad) ? { status: 400, body: 'out of order sample' } : { status: 204 };
  for (const host of ['web-1', 'db-1']) measure(hub, host, start, 0, 6);
  await until('all of the other', () => userOf(receiver, 'db-1').length >= 5);
  await until('the rest', () => userOf(receiver, 'web-1').length >= 4);
  const sorted = userOf(receiver, 'web-1').sort(([a], [b]) => a - b);
  expect(sorted).toEqual(expected(start, 0, 5).filter(([time]) => time !== start + 2_000));
  expect(userOf(receiver, 'db-1').sort(([a], [b]) => a - b)).toEqual(expected(start, 0, 5));
  const entry = await untilEntry(hub, 'a refusal', ({ refusal }) => refusal !== null);
  expect(entry.refusal).toContain('out of order sample');
  expect(entry.state).toBe('live');
});

test('a hub that was stopped meanwhile makes up for it from its history, from where it was', async () => {
  await using folder = await makeTempFolder();
  await using receiver = await startWriteReceiver();
  await using writing = await startWriting(receiver, {}, { historyBytes: 64 * 1024 * 1024 });
  const { hub, start } = writing;
  measure(hub, 'web-1', start, 0, 3);
  await until('the first values', () => userOf(receiver, 'web-1').length === 2);
  receiver.judge = () => ({ status: 503 });
  await untilEntry(hub, 'a lost place', ({ state }) => state === 'waiting');
  measure(hub, 'web-1', start, 3, 8);
  await hub[Symbol.asyncDispose]();
  await cp(hub.dataDir, folder.path, { recursive: true });

  receiver.judge = () => ({ status: 204 });
  await using next = await startTestHub({ ...quick, dataDir: folder.path });
  next.sink.describe(observedHost('web-1'));
  measure(next, 'web-1', start, 8, 10);
  await until('all values', () => userOf(receiver, 'web-1').length >= 9);
  expect(userOf(receiver, 'web-1')).toEqual(expected(start, 0, 9));
  expect(next.troubles).toEqual([]);
});
