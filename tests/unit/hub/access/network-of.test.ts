/** Limits go by the network of an IPv6 address, and by an IPv4 address itself. */
import { expect, it } from 'vitest';
import { BadTokenLimiter } from '../../../../hub/access/bad-token-limiter.ts';
import { networkOf } from '../../../../hub/access/network-of.ts';

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:0:7:1:2:3:4', '2001:db8:0:7::/64'],
  ['2001:db8:0:7::4', '2001:db8:0:7::/64'],
  ['2001:0db8::7:1:2:3:4', '2001:db8:0:7::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
])('%s is of %s', (address, network) => expect(networkOf(address)).toBe(network));

it('guessing from each address of a network in turn is guessing from one', () => {
  const limiter = new BadTokenLimiter(2);
  expect([1, 2, 3].map((host) => limiter.countBad(`2001:db8::${host}`, 0))).toEqual([null, null, 60]);
  expect(limiter.countBad('2001:db8:0:1::1', 0)).toBeNull();
});
