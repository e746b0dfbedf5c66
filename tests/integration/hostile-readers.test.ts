/** Readers that mean harm or know no better: others lose nothing, slots are freed, and the hub's memory is bounded. */
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { hasPython, startHostileReaders } from '../support/hostile-readers.ts';
import { startHubProcess, type HubProcess } from '../support/hub-process.ts';
import { connectRaw, getRequest } from '../support/raw-request.ts';
import { soakSlow } from '../support/soak/slow-soak.ts';
import { startTestHub } from '../support/start-test-hub.ts';
import { readStream, type StreamReader } from '../support/stream-reader.ts';
import { hasTool } from '../support/system-tools.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const MIB = 1024 * 1024;
/** Far above what a heap breathes, far below what the attack would cost where nothing bounds it. */
const BREATH_BYTES = 96 * MIB;

async function openHealthy(hub: HubProcess): Promise<StreamReader> {
  const reader = readStream({ ...hub, query: 'channels=logs' });
  await reader.until('ready');
  return reader;
}

/** Stops publishing, waits for the last line, and looks whether each came once and in order. */
async function expectNothingLost(hub: HubProcess, reader: StreamReader): Promise<void> {
  const count = await hub.publish(0);
  const numbers = () => reader.dataOf('log').map(({ text }) => Number(text.split(' ')[1]));
  await until(`line ${count - 1}`, () => reader.dataOf('log').length >= count);
  expect(numbers()).toEqual(Array.from({ length: count }, (_, index) => index));
  expect(reader.dataOf('gap')).toEqual([]);
}

describe.skipIf(!hasPython)('readers over raw sockets', () => {
  test.for(['never-reads', 'trickle-reads'] as const)(
    'a hundred of the kind "%s" are cut, and the memory they held comes back',
    { timeout: 60_000 },
    async (misbehaviour) => {
      await using hub = await startHubProcess({ hub: { outboxMs: 1_000 }, textLength: 4_000 });
      using healthy = await openHealthy(hub);
      const before = await hub.residentBytes();
      await using _readers = await startHostileReaders(hub, misbehaviour, 100);
      await until('all of them', async () => (await hub.streams()) === 101);
      await hub.publish(500);
      await until('the cut of all', async () => (await hub.streams()) === 1, 30_000);
      await expectNothingLost(hub, healthy);
      await until('the memory', async () => (await hub.residentBytes()) - before < BREATH_BYTES, 30_000);
    },
  );

  test.for(['resets', 'half-closes'] as const)(
    'of readers of the kind "%s" every slot is free without another event',
    async (misbehaviour) => {
      await using hub = await startHubProcess({ hub: { heartbeatMs: 600_000 } });
      using healthy = await openHealthy(hub);
      await using _readers = await startHostileReaders(hub, misbehaviour, 200);
      await until('the slots', async () => (await hub.streams()) === 1);
      await hub.publish(1_000);
      await until('a few lines', () => healthy.dataOf('log').length > 100);
      await expectNothingLost(hub, healthy);
    },
  );

  test('ten thousand that connect and drop leave nothing behind', async () => {
    await using hub = await startHubProcess();
    using healthy = await openHealthy(hub);
    await hub.publish(500);
    // What a heap grows to under such load once, it keeps: a leak would grow again.
    await using _first = await startHostileReaders(hub, 'drops', 5_000);
    const [memory, files] = [await hub.residentBytes(), hub.openFiles()];
    await using _readers = await startHostileReaders(hub, 'drops', 10_000);
    await until('the slots', async () => (await hub.streams()) === 1);
    await expectNothingLost(hub, healthy);
    await until('the memory', async () => (await hub.residentBytes()) - memory < BREATH_BYTES);
    if (files !== null) await until('the sockets', () => hub.openFiles()! <= files + 16);
  }, 90_000);
});

test('requests sent behind each other without reading an answer cost no more than a breath', async () => {
  await using hub = await startHubProcess();
  using healthy = await openHealthy(hub);
  await hub.publish(500);
  const before = await hub.residentBytes();
  using greedy = connectRaw(hub.port);
  greedy.socket.pause();
  const request = getRequest('/api/v1/hosts', {
    Host: 'localhost',
    Authorization: `Bearer ${hub.ownerToken}`,
  });
  // Answers to this many would fill half a gigabyte.
  const burst = request.repeat(1_000);
  for (let index = 0; index < 200; index++) greedy.socket.write(burst);
  await until('the kernel to take what it takes', async () => {
    const waiting = greedy.socket.writableLength;
    await hub.get('/api/v1/hosts');
    return greedy.socket.writableLength === waiting;
  });
  await expectNothingLost(hub, healthy);
  expect((await hub.residentBytes()) - before).toBeLessThan(BREATH_BYTES);
});

test('two hundred heads that trickle are closed in time, and others are served meanwhile', async () => {
  await using hub = await startHubProcess({ hub: { headersTimeoutMs: 1_000 } });
  using healthy = await openHealthy(hub);
  await hub.publish(500);
  const slow = Array.from({ length: 200 }, () => connectRaw(hub.port, 'GET / HTTP/1.1\r\nX-Trickle: '));
  const trickle = setInterval(() => slow.forEach(({ socket }) => socket.writable && socket.write('x')), 50);
  expect((await hub.get('/api/v1/hosts')).status).toBe(200);
  await Promise.all(slow.map(({ closed }) => closed));
  clearInterval(trickle);
  expect(slow.map(({ text }) => text().split('\r\n')[0])).toEqual(
    slow.map(() => 'HTTP/1.1 408 Request Timeout'),
  );
  await expectNothingLost(hub, healthy);
});

test.skipIf(process.platform !== 'linux')(
  'readers of the page that leave at once leave no file open',
  async () => {
    await using folder = await makeTempFolder();
    await writeFile(path.join(folder.path, 'index.html'), '<!doctype html><title>Watchline</title>');
    await using hub = await startTestHub({ pageDir: folder.path });
    const openPages = () =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder.path);
        } catch {
          return false;
        }
      }).length;
    const left: string[] = [];
    const hear = ({ message }: Error) => message.startsWith('Closing file descriptor') && left.push(message);
    process.on('warning', hear);
    const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
    // Gone some turns of the event loop after asking: for some of them, between the opening of the file and its first byte.
    for (let reader = 0; reader < 120; reader++) {
      using leaving = connectRaw(hub.port, request);
      await once(leaving.socket, 'connect');
      for (let turn = 0; turn < reader % 12; turn++) await setImmediate();
      leaving.socket.resetAndDestroy();
    }
    expect((await fetch(`${hub.origin}/`)).status).toBe(200);
    await until('the files to be closed', () => openPages() === 0);
    process.off('warning', hear);
    // What was closed because its memory was collected had been left open.
    expect(left).toEqual([]);
  },
);

/** `npm run soak -- slowhttp --minutes N` is the long one. */
describe.skipIf(!hasTool('slowhttptest'))('slowhttptest with a thousand connections', () => {
  test.concurrent.for(['heads', 'bodies', 'reads'] as const)(
    'finds the hub available all the while under slow %s, and others lose nothing',
    async (slowness) => {
      const seen = await soakSlow({ slowness, connections: 1_000, seconds: 6 });
      expect(seen.looks).toBeGreaterThan(0);
      expect(seen.answers).toBeGreaterThan(10);
      expect(seen.mostConnected).toBeGreaterThan(300);
      expect({ unavailable: seen.unavailable, lost: seen.lost }).toEqual({ unavailable: 0, lost: 0 });
      expect(seen.grownBytes).toBeLessThan(BREATH_BYTES);
    },
  );
});
