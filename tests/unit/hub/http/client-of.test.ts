/** Who is at the other end: what headers say counts from trusted proxies, and from nobody else. */
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { clientOf } from '../../../../hub/http/client-of.ts';
import { PublicSide } from '../../../../hub/http/public-side.ts';

const trusted = ['10.0.0.0/8', '127.0.0.1', 'fd00::/8'];

function client(
  peer: string,
  headers: Record<string, string>,
  wishes: { publicUrl?: string; isTls?: boolean } = {},
) {
  const outside = new PublicSide();
  outside.set(wishes.publicUrl ?? null, trusted);
  const request = { socket: { remoteAddress: peer }, headers: { host: 'hub:7400', ...headers } };
  return clientOf(request as unknown as IncomingMessage, wishes.isTls ?? false, outside);
}

const all = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'watch.example',
  forwarded: 'for=203.0.113.9;proto=https;host=watch.example',
};

test('of a peer that is not trusted no header counts', () => {
  for (const peer of ['192.0.2.1', '127.0.0.2', '11.0.0.1', '2001:db8::1', ''])
    expect(client(peer, all)).toEqual({ address: peer, authority: 'hub:7400', isSecure: false });
});

test('of a trusted proxy they do, also by IPv6 and as an IPv4 address on an IPv6 socket', () => {
  for (const peer of ['127.0.0.1', '10.9.8.7', 'fd00::7', '::ffff:10.0.0.1'])
    expect(client(peer, all)).toEqual({
      address: '203.0.113.9',
      authority: 'watch.example',
      isSecure: true,
    });
});

test.for([
  ['a client, then proxies of ours', { 'x-forwarded-for': '203.0.113.9, 10.0.0.2, 10.0.0.3' }, '203.0.113.9'],
  [
    'what the client wrote before its own address',
    { 'x-forwarded-for': '1.1.1.1, 203.0.113.9' },
    '203.0.113.9',
  ],
  ['a client that pretends to be one of ours', { 'x-forwarded-for': '10.6.6.6, 203.0.113.9' }, '203.0.113.9'],
  ['a port behind the address', { 'x-forwarded-for': '203.0.113.9:4711' }, '203.0.113.9'],
  ['an IPv6 address', { 'x-forwarded-for': '2001:db8::9' }, '2001:db8::9'],
  ['an IPv6 address with a port', { 'x-forwarded-for': '[2001:db8::9]:4711' }, '2001:db8::9'],
  ['no address', { 'x-forwarded-for': 'unknown' }, '127.0.0.1'],
  ['nonsense', { 'x-forwarded-for': '<script>, %00, 1.2.3' }, '127.0.0.1'],
  ['nonsense behind an address', { 'x-forwarded-for': '203.0.113.9, ;;' }, '127.0.0.1'],
  ['nothing', {}, '127.0.0.1'],
  ['a hidden client', { forwarded: 'for=_secret, for=10.0.0.2' }, '10.0.0.2'],
  ['the standard header', { forwarded: 'for="[2001:db8::9]:4711";proto=http, for=10.0.0.2' }, '2001:db8::9'],
  [
    'both kinds that agree',
    { 'x-forwarded-for': '203.0.113.9', forwarded: 'For=203.0.113.9' },
    '203.0.113.9',
  ],
  [
    'one kind that was handed on as its client wrote it',
    { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=1.1.1.1' },
    '127.0.0.1',
  ],
] as const)('%s', ([, headers, address]) => {
  expect(client('127.0.0.1', headers).address).toBe(address);
});

test('a thousand addresses cost no more than a few', () => {
  const flood = Array<string>(1_000).fill('10.0.0.1').join(', ');
  expect(client('127.0.0.1', { 'x-forwarded-for': `203.0.113.9, ${flood}` }).address).toBe('10.0.0.1');
});

test('the scheme is that of the hop the client took', () => {
  const isSecure = (headers: Record<string, string>, isTls = false) =>
    client('127.0.0.1', headers, { isTls }).isSecure;
  expect(isSecure({ 'x-forwarded-proto': 'https' })).toBe(true);
  expect(isSecure({ 'x-forwarded-proto': 'http' }, true)).toBe(false);
  expect(isSecure({})).toBe(false);
  expect(isSecure({}, true)).toBe(true);
  const chain = { 'x-forwarded-for': '203.0.113.9, 10.0.0.2' };
  expect(isSecure({ ...chain, 'x-forwarded-proto': 'https, http' })).toBe(true);
  expect(isSecure({ ...chain, 'x-forwarded-proto': 'http, https' })).toBe(false);
  expect(isSecure({ ...chain, 'x-forwarded-proto': 'HTTPS' })).toBe(true);
  expect(isSecure({ forwarded: 'for=203.0.113.9;proto=HTTPS' })).toBe(true);
});

test('who uses the public address has come by its scheme, trusted proxy or not', () => {
  const publicUrl = 'https://Watch.example';
  const at = (host: string) => client('192.0.2.1', { host }, { publicUrl }).isSecure;
  expect(at('watch.example')).toBe(true);
  expect(at('WATCH.example')).toBe(true);
  expect(at('watch.example:7400')).toBe(false);
  expect(at('evil.example')).toBe(false);
});
