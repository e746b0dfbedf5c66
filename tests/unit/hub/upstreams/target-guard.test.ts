/** Which addresses an upstream may have: where people's servers are, and never where clouds keep their secrets. */
import { expect, test } from 'vitest';
import { TargetGuard } from '../../../../hub/upstreams/target-guard.ts';

const guard = new TargetGuard({ allowedTargets: [] });

test.each([
  'http://169.254.169.254/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://0251.0376.0251.0376/',
  'http://169.254.1/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[0:0:0:0:0:ffff:a9fe:a9fe]/',
  'http://[::a9fe:a9fe]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[2002:a9fe:a9fe::1]/',
  'http://[fe80::1]/',
  'http://[febf::1]/',
  'http://[fec0::1]/',
  'http://[fd00:ec2::254]/',
  'http://[ff02::1]/',
  'http://[::]/',
  'http://0.0.0.0/',
  'http://0/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://100.100.100.200/',
  'http://168.63.129.16/',
  'http://metadata.google.internal/',
  'http://METADATA.google.internal./',
])('refuses %s', async (address) => {
  const known = new TargetGuard({ allowedTargets: [], resolve: async () => ['192.0.2.1'] });
  await expect(known.addressOf(new URL(address))).rejects.toMatchObject({ code: 'forbidden-target' });
});

test.each([
  ['http://127.0.0.1:7400/', '127.0.0.1'],
  ['http://[::1]:7400/', '::1'],
  ['http://10.0.0.7/', '10.0.0.7'],
  ['http://192.168.1.7/', '192.168.1.7'],
  ['http://[fd12:3456::7]/', 'fd12:3456::7'],
  ['http://203.0.113.7/', '203.0.113.7'],
  ['http://[::ffff:10.0.0.7]/', '::ffff:a00:7'],
])('lets pass %s', async (address, expected) => {
  expect(await guard.addressOf(new URL(address))).toBe(expected);
});

test('a name is looked up at every connection, and what was looked at is what is connected to', async () => {
  const answers = [['192.0.2.1'], ['169.254.169.254']];
  const rebound = new TargetGuard({ allowedTargets: [], resolve: async () => answers.shift()! });
  const url = new URL('https://rebinding.example/');
  expect(await rebound.addressOf(url)).toBe('192.0.2.1');
  await expect(rebound.addressOf(url)).rejects.toThrow(
    'rebinding.example leads to 169.254.169.254: link-local, metadata, multicast and unspecified addresses are not read.',
  );
});

test('one forbidden address among others is enough', async () => {
  const mixed = new TargetGuard({ allowedTargets: [], resolve: async () => ['192.0.2.1', 'fe80::1%eth0'] });
  await expect(mixed.addressOf(new URL('https://mixed.example/'))).rejects.toMatchObject({
    code: 'forbidden-target',
  });
});

test('what the owner allows by name or address passes, and nothing else does', async () => {
  const resolve = async () => ['169.254.7.7'];
  const byName = new TargetGuard({ allowedTargets: ['Lab.example'], resolve });
  expect(await byName.addressOf(new URL('https://lab.example./'))).toBe('169.254.7.7');
  await expect(byName.addressOf(new URL('https://other.example/'))).rejects.toThrow('leads to 169.254.7.7');
  const byAddress = new TargetGuard({ allowedTargets: ['169.254.7.7'], resolve });
  expect(await byAddress.addressOf(new URL('http://169.254.7.7/'))).toBe('169.254.7.7');
});

test('a name that nobody knows is unreachable now, not forbidden', async () => {
  const none = new TargetGuard({
    allowedTargets: [],
    resolve: () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })),
  });
  await expect(none.addressOf(new URL('https://nowhere.example/'))).rejects.toMatchObject({
    code: 'unreachable',
    isRetryable: true,
  });
});
