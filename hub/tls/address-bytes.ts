/** IP addresses and masks as certificates hold them. */
import { isIP } from 'node:net';

/** 4 bytes of an IPv4 address, 16 of an IPv6 one. */
export function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  // The URL parser writes every form of an IPv6 address in one: groups in hex, at most one "::".
  const [head, tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::', 2);
  const before = groupsOf(head!);
  const after = groupsOf(tail ?? '');
  const groups = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** As many bytes as the address has, the first `bits` bits of them set. */
export function maskBytes(address: string, bits: number): Buffer {
  const bytes = isIP(address) === 4 ? 4 : 16;
  return Buffer.from(
    Array.from({ length: bytes }, (_, index) => {
      const set = Math.min(8, Math.max(0, bits - index * 8));
      return (0xff << (8 - set)) & 0xff;
    }),
  );
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
}
