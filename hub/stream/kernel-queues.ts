/**
 * What the kernel holds for connections: bytes that the other end has not acknowledged, and how often they were sent again.
 * Node tells neither. Linux does, for all connections at once (proc_pid_net(5), `/proc/net/tcp`).
 */
import { readFile } from 'node:fs/promises';

export interface KernelQueue {
  unackedBytes: number;
  /** Tries of the oldest of them, one after the other without an answer; each waits twice as long as the one before. */
  retransmits: number;
}

/** Both ends of a connection, as the other end's address and both ports. */
export interface Peer {
  localPort: number;
  address: string;
  port: number;
}

const tables = ['/proc/net/tcp', '/proc/net/tcp6'];
const ESTABLISHED = '01';

/** By `peerKey`; only connections that wait for an acknowledgement. Empty where the system has no such table. */
export async function readKernelQueues(): Promise<Map<string, KernelQueue>> {
  const queues = new Map<string, KernelQueue>();
  for (const table of tables) {
    const text = await readFile(table, 'latin1').catch(() => '');
    for (const line of text.split('\n')) {
      const [, local = '', remote = '', state, sizes = '', , retransmits = ''] = line.trim().split(/\s+/);
      const unackedBytes = parseInt(sizes, 16);
      if (state !== ESTABLISHED || !(unackedBytes > 0)) continue;
      const [address = '', port = ''] = remote.split(':');
      const key = `${parseInt(local.split(':')[1]!, 16)} ${address} ${parseInt(port, 16)}`;
      queues.set(key, { unackedBytes, retransmits: parseInt(retransmits, 16) });
    }
  }
  return queues;
}

/** Null for an address that is none. */
export function peerKey({ localPort, address, port }: Peer): string | null {
  const hex = tableAddress(address);
  return hex === null ? null : `${localPort} ${hex} ${port}`;
}

/** An address as the table writes it: words of 32 bits in this machine's order of bytes, which is little-endian. */
function tableAddress(address: string): string | null {
  const bytes = address.includes(':') ? ipv6Bytes(address) : ipv4Bytes(address);
  if (bytes === null) return null;
  const words = Array.from({ length: bytes.length / 4 }, (_, word) =>
    bytes.slice(word * 4, word * 4 + 4).reverse(),
  );
  return words
    .flat()
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

function ipv4Bytes(address: string): number[] | null {
  const bytes = address.split('.').map(Number);
  return bytes.length === 4 && bytes.every((byte) => byte >= 0 && byte <= 255) ? bytes : null;
}

/** RFC 4291, 2.2: "::" stands for as many groups of zeros as are missing; the end may be an IPv4 address. */
function ipv6Bytes(address: string): number[] | null {
  const [plain = ''] = address.split('%');
  const [before = [], after] = plain
    .split('::')
    .map((side) => side.split(':').filter((group) => group !== ''));
  const head = before.flatMap(groupBytes);
  const tail = after === undefined ? [] : after.flatMap(groupBytes);
  const zeros = 16 - head.length - tail.length;
  if (zeros < 0 || (after === undefined && zeros > 0)) return null;
  return [...head, ...Array.from({ length: zeros }, () => 0), ...tail];
}

function groupBytes(group: string): number[] {
  if (group.includes('.')) return ipv4Bytes(group) ?? [];
  const value = parseInt(group, 16);
  return [value >> 8, value & 0xff];
}
