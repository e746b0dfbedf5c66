/**
 * Addresses that are never a hub: where a machine's cloud tells its secrets, and what is no machine at all. Loopback and
 * private networks are not among them, because that is where people's servers are.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { addressBytes } from '../tls/address-bytes.ts';

const forbidden = new BlockList();
// "This network" (RFC 6890), link-local with the metadata of most clouds (RFC 3927), multicast, reserved, broadcast.
forbidden.addSubnet('0.0.0.0', 8);
forbidden.addSubnet('169.254.0.0', 16);
forbidden.addSubnet('224.0.0.0', 4);
forbidden.addSubnet('240.0.0.0', 4);
// Metadata outside of link-local: Alibaba Cloud, Azure, Oracle Cloud, and AWS over IPv6.
forbidden.addAddress('100.100.100.200');
forbidden.addAddress('168.63.129.16');
forbidden.addAddress('192.0.0.192');
forbidden.addAddress('fd00:ec2::254', 'ipv6');
// Unspecified, link-local, site-local (deprecated), multicast.
forbidden.addAddress('::', 'ipv6');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addSubnet('fec0::', 10, 'ipv6');
forbidden.addSubnet('ff00::', 8, 'ipv6');

/** Where an IPv6 address carries an IPv4 one: the bytes in front of it, and where it begins. */
const carriers: { prefix: number[]; at: number }[] = [
  { prefix: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], at: 12 }, // mapped (RFC 4291)
  { prefix: [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0], at: 12 }, // translated (RFC 2765)
  { prefix: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], at: 12 }, // compatible (deprecated)
  { prefix: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], at: 12 }, // NAT64 (RFC 6052)
  { prefix: [0x20, 0x02], at: 2 }, // 6to4 (RFC 3056)
];

/** `address` as a resolver gives it, in any notation; what is no address is forbidden. */
export function isForbiddenAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, '');
  if (isIPv4(bare)) return forbidden.check(bare);
  if (!isIPv6(bare)) return true;
  if (isLoopback6(bare)) return false;
  const carried = carriedAddress(bare);
  return forbidden.check(bare, 'ipv6') || (carried !== null && forbidden.check(carried));
}

function isLoopback6(address: string): boolean {
  const bytes = addressBytes(address);
  return bytes[15] === 1 && bytes.subarray(0, 15).every((byte) => byte === 0);
}

function carriedAddress(address: string): string | null {
  const bytes = addressBytes(address);
  const carrier = carriers.find(({ prefix }) => prefix.every((byte, at) => bytes[at] === byte));
  return carrier ? bytes.subarray(carrier.at, carrier.at + 4).join('.') : null;
}
