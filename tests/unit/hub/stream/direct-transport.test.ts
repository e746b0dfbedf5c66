/** Writing straight to a connection, with real ones: nothing is lost, doubled or out of order where the two ways meet. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DirectTransport, type SocketWithHandle } from '../../../../hub/stream/direct-transport.ts';
import { transportOf } from '../../../../hub/stream/transport.ts';
import { connectSockets } from '../../../support/connected-sockets.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';
import { until } from '../../../support/until.ts';

/** Everything that comes from now on. */
function collect(socket: Socket): () => Buffer {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk)).resume();
  return () => Buffer.concat(chunks);
}

test('a plain connection is written to directly, and the kernel takes small writes at once', async () => {
  await using sockets = await connectSockets();
  const transport = transportOf(sockets.near);
  expect(transport).toBeInstanceOf(DirectTransport);
  expect(transport.write(Buffer.from('one '))).toBe(true);
  expect(transport.write(Buffer.from('two'))).toBe(true);
  expect(sockets.near.bytesWritten).toBe(0);
  expect(transport.bytesWritten).toBe(7);
  const received = collect(sockets.far);
  await until('both', () => received().toString() === 'one two');
});

test('what the kernel does not take waits in order, and later writes wait behind it', async () => {
  await using sockets = await connectSockets();
  const transport = transportOf(sockets.near);
  const blocks = Array.from({ length: 400 }, () => randomBytes(64 * 1024));
  const answers = blocks.map((block) => transport.write(block));
  expect(answers[0]).toBe(true);
  expect(answers.at(-1)).toBe(false);
  expect(transport.backlog).toBeGreaterThan(0);
  const received = collect(sockets.far);
  // While the queue drains, the kernel has room again and again before Node has written what comes first.
  while (transport.backlog > 0) {
    const block = randomBytes(1024);
    blocks.push(block);
    transport.write(block);
    await nextTurn();
  }
  let isTaken = false;
  transport.write(Buffer.alloc(0), () => (isTaken = true));
  await until('all to be taken', () => isTaken);
  expect(transport.write(Buffer.from('the end'))).toBe(true);
  const expected = Buffer.concat([...blocks, Buffer.from('the end')]);
  await until('all of it', () => received().length === expected.length);
  expect(received().equals(expected)).toBe(true);
  expect(transport.bytesWritten).toBe(expected.length);
});

test('a descriptor that was given to a file after the connection ended is not written to', async () => {
  await using folder = await makeTempFolder();
  await using sockets = await connectSockets();
  const transport = transportOf(sockets.near);
  const descriptor = (sockets.near as SocketWithHandle)._handle!.fd;
  transport.onClose(() => undefined);
  transport.cut();
  const names = Array.from({ length: 8 }, (_, index) => path.join(folder.path, `file-${index}`));
  const descriptors = names.map((name) => openSync(name, 'w'));
  expect(descriptors).toContain(descriptor);
  transport.write(Buffer.from('for nobody'));
  await nextTurn();
  for (const open of descriptors) closeSync(open);
  expect(names.map((name) => readFileSync(name, 'utf8')).join('')).toBe('');
});
