/** The addresses beside a host's name. */
import { expect, test } from 'vitest';
import { shownAddresses } from '../../../../renderer/screens/host/addresses.ts';

const net = (...addresses: string[]) => ({
  interface: 'eth0',
  addresses,
  mac: null,
  speedBitsPerSecond: null,
});

test('those people connect to, IPv4 first', () => {
  expect(
    shownAddresses([
      net('127.0.0.1/8', '::1/128'),
      net('fe80::1/64', '2001:db8::4/64', '10.0.0.7/24', '169.254.3.4'),
    ]),
  ).toEqual(['10.0.0.7', '2001:db8::4']);
});
