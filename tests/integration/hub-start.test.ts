/** Starting: what stands in the way gets one clear sentence, and nothing is left behind. */
import { once } from 'node:events';
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { expect, test } from 'vitest';
import { WatchlineError } from '../../shared/errors.ts';
import type { HostObserver } from '../../shared/observer.ts';
import { readRuntimeFile } from '../../hub/runtime-file.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { readStream } from '../support/stream-reader.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { startBytesListener } from '../support/tls-listener.ts';
import { until } from '../support/until.ts';

async function failureOf(starting: Promise<unknown>): Promise<WatchlineError> {
  const failure: unknown = await starting.then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(WatchlineError);
  return failure as WatchlineError;
}

test('a port in use is named, with what to do', async () => {
  await using first = await startTestHub();
  await using folder = await makeTempFolder();
  const failure = await failureOf(startTestHub({ port: first.port, dataDir: folder.path }));
  expect(failure.code).toBe('port-in-use');
  expect(failure.message).toContain(String(first.port));
  expect(failure.remedy).toContain('--port');
  expect(await readdir(folder.path)).toEqual([]);
});

test('a second hub of the same folder is told where the first one runs', async () => {
  await using first = await startTestHub();
  const failure = await failureOf(startTestHub({ dataDir: first.dataDir }));
  expect(failure.code).toBe('already-running');
  expect(failure.message).toContain(first.origin);
  expect(failure.message).toContain(String(process.pid));
  expect(readRuntimeFile(first.dataDir)?.url).toBe(first.origin);
});

test('a second hub is told of the first one also while that one is too busy, or stopped, to answer', async () => {
  await using folder = await makeTempFolder();
  await using silent = await startBytesListener(null);
  const url = `http://${silent.url.host}`;
  await writeFile(path.join(folder.path, 'hub.json'), JSON.stringify({ url, token: 'x', pid: process.pid }));
  const failure = await failureOf(startTestHub({ dataDir: folder.path }));
  expect(failure.code).toBe('already-running');
  expect(readRuntimeFile(folder.path)?.url).toBe(url);
});

test('of hubs that start at once in one folder, one wins', async () => {
  await using folder = await makeTempFolder();
  const starts = await Promise.allSettled(
    Array.from({ length: 4 }, () => startTestHub({ dataDir: folder.path })),
  );
  const winners = starts.filter((start) => start.status === 'fulfilled');
  expect(winners).toHaveLength(1);
  for (const start of starts)
    if (start.status === 'rejected') expect(start.reason).toMatchObject({ code: 'already-running' });
  expect(readRuntimeFile(folder.path)?.url).toBe(winners[0]!.value.origin);
  await winners[0]!.value[Symbol.asyncDispose]();
  expect((await readdir(folder.path)).filter((name) => name.startsWith('hub.json'))).toEqual([]);
});

test.for([
  ['of a dead process', { url: 'http://127.0.0.1:9', token: 'x', pid: 2 ** 22 + 1 }],
  ['of a process that is no hub', { url: 'http://127.0.0.1:9', token: 'x', pid: process.pid }],
  ['that is damaged', 'half a fi'],
] as const)('a runtime file %s is replaced', async ([, content]) => {
  await using folder = await makeTempFolder();
  await writeFile(
    path.join(folder.path, 'hub.json'),
    typeof content === 'string' ? content : JSON.stringify(content),
  );
  await using hub = await startTestHub({ dataDir: folder.path });
  expect(readRuntimeFile(folder.path)).toMatchObject({
    url: hub.origin,
    token: hub.ownerToken,
    pid: process.pid,
  });
  expect((await stat(path.join(folder.path, 'hub.json'))).mode & 0o777).toBe(0o600);
});

test('a foreign server at the address of a stale runtime file is not taken for the hub', async () => {
  await using folder = await makeTempFolder();
  const foreign = createServer((_, response) => response.writeHead(401).end()).listen(0, '127.0.0.1');
  await once(foreign, 'listening');
  const { port } = foreign.address() as { port: number };
  await writeFile(
    path.join(folder.path, 'hub.json'),
    JSON.stringify({ url: `http://127.0.0.1:${port}`, token: 'x', pid: process.pid }),
  );
  await using hub = await startTestHub({ dataDir: folder.path });
  expect(readRuntimeFile(folder.path)?.url).toBe(hub.origin);
  foreign.closeAllConnections();
  foreign.close();
  await once(foreign, 'close');
});

test('the data folder is made private', async () => {
  await using folder = await makeTempFolder();
  const dataDir = path.join(folder.path, 'deep/data');
  await using hub = await startTestHub({ dataDir });
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  expect(hub.dataDir).toBe(dataDir);
});

test('a data folder that cannot be one is told', async () => {
  await using folder = await makeTempFolder();
  const file = path.join(folder.path, 'file');
  await writeFile(file, '');
  const failure = await failureOf(startTestHub({ dataDir: path.join(file, 'data') }));
  expect(failure.code).toBe('data-dir-unusable');
  expect(failure.remedy).toContain('--data');
});

test.skipIf(process.getuid?.() === 0)('a data folder without permission is told', async () => {
  await using folder = await makeTempFolder();
  const dataDir = path.join(folder.path, 'read-only');
  await mkdir(dataDir);
  await chmod(dataDir, 0o500);
  expect((await failureOf(startTestHub({ dataDir }))).code).toBe('data-dir-unusable');
});

test('the hub answers before its observers have seen anything, and reports one that fails', async () => {
  let started: () => void = () => undefined;
  const slow: HostObserver = {
    start: () =>
      new Promise((resolve) => {
        started = resolve;
      }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const failing: HostObserver = {
    start: () => Promise.reject(new Error('no /proc here')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await using hub = await startTestHub({ observers: [slow, failing] });
  using reader = readStream(hub);
  await reader.until('ready');
  await until('the report', () => hub.troubles.some((trouble) => trouble.message === 'no /proc here'));
  started();
});

test('observers are disposed before the streams end, so that their last words are sent', async () => {
  const observer = new ScriptedObserver();
  const hub = await startTestHub({ observers: [observer] });
  using reader = readStream(hub);
  await reader.until('ready');
  await hub[Symbol.asyncDispose]();
  await reader.closed;
  expect(observer.isDisposed).toBe(true);
  expect(readRuntimeFile(hub.dataDir)).toBeNull();
});

test('a host that misses its intervals goes stale, then offline, and comes back', async () => {
  await using hub = await startTestHub({ outboxMs: 200 });
  using reader = readStream(hub);
  await reader.until('ready');
  hub.sink.describe(observedHost('web-1', { intervalMs: 100 }));
  await reader.until('host', (host) => host.status === 'stale');
  await reader.until('host', (host) => host.status === 'offline');
  hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 3) });
  await reader.until('sample');
  expect(reader.dataOf('host').map((host) => host.status)).toEqual(['live', 'stale', 'offline', 'live']);
  expect(reader.dataOf('host').at(-1)!.lastSeen).toBe(sampleOf('web-1', 3).time);
});

test.skipIf(process.platform !== 'linux')(
  'a data folder where no folder can be is refused, and does not hang',
  async () => {
    const failure = await failureOf(startTestHub({ dataDir: '/proc/watchline/data' }));
    expect(failure.code).toBe('data-dir-unusable');
    expect(failure.message).toContain('/proc/watchline/data');
    expect(failure.remedy).toContain('--data');
  },
);
