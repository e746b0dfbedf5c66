/** What the kernel says about connections, asked with real ones. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { peerKey, readKernelQueues } from '../../../../hub/stream/kernel-queues.ts';
import { connectSockets } from '../../../support/connected-sockets.ts';
import { until } from '../../../support/until.ts';

test.skipIf(!existsSync('/proc/net/tcp')).for(['127.0.0.1', '::1'])(
  'bytes that a reader at %s does not take are seen, and those it took are not',
  async (address) => {
    await using sockets = await connectSockets(address);
    const { near, far } = sockets;
    const peer = { localPort: near.localPort!, address: near.remoteAddress!, port: near.remotePort! };
    const look = async () => (await readKernelQueues([null, peer]))[1]!;
    near.write(Buffer.alloc(32 * 1024 * 1024));
    const queue = await until('bytes in the kernel', async () => {
      const seen = await look();
      return seen.unackedBytes > 0 && seen;
    });
    expect(queue.retransmits).toBe(0);
    far.resume();
    await until('none in the kernel', async () => (await look()).unackedBytes === 0);
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
