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

const ESTABLISHED = '01';
const nothing: KernelQueue = { unackedBytes: 0, retransmits: 0 };

/** One per peer, null where it has none. Where the system has no such tables all seem to have taken everything. */
export async function readKernelQueues(peers: readonly (Peer | null)[]): Promise<(KernelQueue | null)[]> {
  const hexOf = remembering(tableAddress);
  const keys = peers.map((peer) => peer && peerKey(peer, hexOf));
  // Reading a table walks all buckets of the kernel's hash: milliseconds, whatever it holds.
  const isWanted = (table: string) =>
    peers.some((peer) => peer?.address.includes(':') === (table === '/proc/net/tcp6'));
  const queues = new Map<string, KernelQueue>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6'].filter(isWanted)) {
    const text = await readFile(table, 'latin1').catch(() => '');
    for (let start = text.indexOf('\n') + 1; start > 0 && start < text.length;) {
      const end = text.indexOf('\n', start);
      addQueue(queues, text, start);
      start = end + 1;
    }
  }
  return keys.map((key) => (key === null ? null : (queues.get(key) ?? nothing)));
}

/**
 * A row is `N: LOCAL:PORT REMOTE:PORT STATE UNACKED:UNREAD TIMER:WHEN RETRANSMITS ...`, all in hexadecimal digits. Most rows
 * are idle and are left at their second look: a hub has thousands.
 */
function addQueue(queues: Map<string, KernelQueue>, text: string, start: number): void {
  const local = text.indexOf(':', start) + 2;
  const localPort = text.indexOf(':', local) + 1;
  const remote = localPort + 5;
  const remotePort = text.indexOf(':', remote) + 1;
  const unacked = remotePort + 8;
  const bytes = text.slice(unacked, unacked + 8);
  if (bytes === '00000000' || text.slice(remotePort + 5, remotePort + 7) !== ESTABLISHED) return;
  const retransmits = unacked + 8 + 10 + 12;
  const port = parseInt(text.slice(remotePort, remotePort + 4), 16);
  const key = `${parseInt(text.slice(localPort, localPort + 4), 16)} ${text.slice(remote, remotePort - 1)} ${port}`;
  queues.set(key, {
    unackedBytes: parseInt(bytes, 16),
    retransmits: parseInt(text.slice(retransmits, retransmits + 8), 16),
  });
}

/** Null for an address that is none. */
export function peerKey({ localPort, address, port }: Peer, hexOf = tableAddress): string | null {
  const hex = hexOf(address);
  return hex === null ? null : `${localPort} ${hex} ${port}`;
}

/** Most readers come from few addresses. */
function remembering<Result>(of: (word: string) => Result): (word: string) => Result {
  const known = new Map<string, Result>();
  return (word) => {
    if (!known.has(word)) known.set(word, of(word));
    return known.get(word)!;
  };
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
