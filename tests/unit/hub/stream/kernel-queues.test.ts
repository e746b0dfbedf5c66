/** What the kernel says about connections, asked with real ones. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { peerKey, readKernelQueues } from '../../../../hub/stream/kernel-queues.ts';
import { until } from '../../../support/until.ts';

test.skipIf(!existsSync('/proc/net/tcp')).for(['127.0.0.1', '::1'])(
  'bytes that a reader at %s does not take are seen, and those it took are not',
  async (address) => {
    const server = createServer().listen(0, address);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const reader = connect(port, address).pause();
    const [socket] = (await once(server, 'connection')) as [Socket];
    const key = peerKey({ localPort: port, address: socket.remoteAddress!, port: socket.remotePort! })!;
    socket.write(Buffer.alloc(32 * 1024 * 1024));
    const queue = await until('bytes in the kernel', async () => (await readKernelQueues()).get(key));
    expect(queue.unackedBytes).toBeGreaterThan(0);
    expect(queue.retransmits).toBe(0);
    reader.resume();
    await until('none in the kernel', async () => !(await readKernelQueues()).has(key));
    reader.destroy();
    socket.destroy();
    server.close();
  },
);

test('addresses are written as the kernel writes them', () => {
  expect(peerKey({ localPort: 80, address: '127.0.0.1', port: 5 })).toBe('80 0100007F 5');
  expect(peerKey({ localPort: 80, address: '::1', port: 5 })).toBe('80 00000000000000000000000001000000 5');
  expect(peerKey({ localPort: 80, address: '::ffff:10.0.0.2', port: 5 })).toBe(
    '80 0000000000000000FFFF00000200000A 5',
  );
  expect(peerKey({ localPort: 80, address: 'fe80::1%eth0', port: 5 })).toBe(
    '80 000080FE000000000000000001000000 5',
  );
  expect(peerKey({ localPort: 80, address: 'nonsense', port: 5 })).toBeNull();
});
