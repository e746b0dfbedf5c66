/** The hub's own authority: what it vouches for, what it cannot vouch for, and how it lasts. */
import { X509Certificate } from 'node:crypto';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { maskBytes } from '../../../../hub/tls/address-bytes.ts';
import { openKeptKey } from '../../../../hub/tls/kept-key.ts';
import {
  findOwnAuthority,
  openOwnAuthority,
  type OwnAuthorityOptions,
} from '../../../../hub/tls/own-authority.ts';
import { openOwnPair } from '../../../../hub/tls/own-pair.ts';
import { hasTool, runTool } from '../../../support/system-tools.ts';
import { makeTempFolder } from '../../../support/temp-folder.ts';

const DAY_MS = 24 * 3_600_000;

const names = [
  'web-1',
  'web-1.local',
  'localhost',
  '192.168.1.20',
  '203.0.113.9',
  '127.0.0.1',
  '::1',
  '2001:db8::5',
];

async function inFolder(wishes: Partial<OwnAuthorityOptions> = {}) {
  const folder = await makeTempFolder();
  const troubles: Error[] = [];
  const options: OwnAuthorityOptions = {
    dataDir: folder.path,
    names,
    machine: 'web-1',
    report: (trouble) => troubles.push(trouble),
    ...wishes,
  };
  return {
    options,
    troubles,
    folder: folder.path,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function verify(folder: string, certificate: string): Promise<string> {
  const authority = path.join(folder, 'ca.crt');
  return runTool(
    'openssl',
    'verify',
    '-x509_strict',
    '-purpose',
    'sslserver',
    '-CAfile',
    authority,
    certificate,
  );
}

test('its certificate is for the machine and holds in a strict check', async () => {
  await using place = await inFolder();
  const { pair, authority, leftOut } = openOwnPair(place.options);
  for (const name of names) expect([name, pair.isFor(name)]).toEqual([name, true]);
  expect(pair.isFor('web-2')).toBe(false);
  expect(leftOut).toEqual([]);
  const [leaf, issuer] = pair.certificate.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g)!;
  expect(new X509Certificate(leaf).ca).toBe(false);
  expect(new X509Certificate(issuer!).fingerprint256).toBe(authority.fingerprint);
  expect(new X509Certificate(issuer!).ca).toBe(true);
  expect(authority.expires - Date.now()).toBeGreaterThan(3_600 * DAY_MS);
  if (hasTool('openssl')) expect(await verify(place.folder, pair.certificateFile)).toContain('OK');
});

describe.skipIf(!hasTool('openssl'))('whoever steals its key', () => {
  test.for(['bank.example', 'www.web-2', '8.8.8.8', '2606:4700::1111', 'xlocal'])(
    'cannot pretend to be %s',
    async (name) => {
      await using place = await inFolder();
      const authority = openOwnAuthority(place.options);
      const file = path.join(place.folder, 'stolen.pem');
      const key = openKeptKey(path.join(place.folder, 'key.pem'));
      await writeFile(file, authority.issue(key, [name], Date.now()));
      await expect(verify(place.folder, file)).rejects.toThrow(/permitted subtree violation/);
      expect(authority.permits(name)).toBe(false);
    },
  );

  test('cannot make another authority', async () => {
    await using place = await inFolder();
    openOwnAuthority(place.options);
    const text = await runTool(
      'openssl',
      'x509',
      '-in',
      path.join(place.folder, 'ca.crt'),
      '-noout',
      '-text',
    );
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(text).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
  });
});

test('names it may not vouch for are left out, and told', async () => {
  await using place = await inFolder();
  openOwnPair(place.options);
  const later = openOwnPair({
    ...place.options,
    names: [...names, 'web-9', 'web-9.local', '198.51.100.4', '10.1.2.3'],
  });
  expect(later.leftOut).toEqual(['web-9', '198.51.100.4']);
  expect(later.pair.isFor('web-9.local') && later.pair.isFor('10.1.2.3')).toBe(true);
  expect(later.pair.isFor('web-9')).toBe(false);
});

test('it stays while certificates are renewed: for a new address, and before their end; the key stays too', async () => {
  await using place = await inFolder();
  const now = Date.now();
  const first = openOwnPair({ ...place.options, now });
  expect(openOwnPair({ ...place.options, now: now + 334 * DAY_MS }).pair.fingerprint).toBe(
    first.pair.fingerprint,
  );
  const moved = openOwnPair({ ...place.options, names: [...names, '192.168.7.7'], now });
  const renewed = openOwnPair({ ...place.options, now: now + 336 * DAY_MS });
  expect(new Set([first, moved, renewed].map(({ pair }) => pair.fingerprint)).size).toBe(3);
  for (const { authority, pair } of [moved, renewed]) {
    expect(authority.fingerprint).toBe(first.authority.fingerprint);
    expect(pair.key.equals(first.pair.key)).toBe(true);
  }
  expect(place.troubles).toEqual([]);
});

test('its key is for this user alone, and ca.crt holds no key', async () => {
  await using place = await inFolder();
  openOwnPair(place.options);
  for (const file of ['authority.json', 'network-key.pem'])
    expect([file, (await stat(path.join(place.folder, file))).mode & 0o777]).toEqual([file, 0o600]);
  expect(await readFile(path.join(place.folder, 'ca.crt'), 'utf8')).not.toContain('PRIVATE');
});

test.for([
  ['nonsense', 'nonsense'],
  ['a key of another', 'other key'],
] as const)(
  'one that is damaged (%s) is set aside, and everybody is told to trust the new one',
  async ([, how]) => {
    await using place = await inFolder();
    const first = openOwnPair(place.options);
    const file = path.join(place.folder, 'authority.json');
    const kept = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    const otherKey = await readFile(path.join(place.folder, 'network-key.pem'), 'utf8');
    await writeFile(
      file,
      how === 'nonsense' ? '{"certificate":' : JSON.stringify({ ...kept, key: otherKey }),
    );
    expect(findOwnAuthority(place.folder)).toBeNull();
    const second = openOwnPair(place.options);
    expect(second.authority.fingerprint).not.toBe(first.authority.fingerprint);
    expect(second.pair.fingerprint).not.toBe(first.pair.fingerprint);
    expect(place.troubles).toMatchObject([{ code: 'authority-replaced' }]);
    expect(await readdir(place.folder)).toContain('authority.json.damaged');
  },
);

test('one that ends soon is replaced; a certificate never outlives its authority', async () => {
  await using place = await inFolder();
  const now = Date.now();
  const { authority } = openOwnPair({ ...place.options, now });
  const late = authority.expires - 100 * DAY_MS;
  expect(openOwnPair({ ...place.options, now: late }).expires).toBe(authority.expires);
  const next = openOwnPair({ ...place.options, now: authority.expires - 50 * DAY_MS });
  expect(next.authority.fingerprint).not.toBe(authority.fingerprint);
  expect(place.troubles).toMatchObject([{ code: 'authority-replaced' }]);
});

test.for([
  ['10.0.0.0', 8, 'ff000000'],
  ['172.16.0.0', 12, 'fff00000'],
  ['192.0.2.7', 32, 'ffffffff'],
  ['fc00::', 7, `fe${'0'.repeat(30)}`],
  ['::1', 128, 'f'.repeat(32)],
] as const)('the mask of %s/%d', ([address, bits, hex]) => {
  expect(maskBytes(address, bits).toString('hex')).toBe(hex);
});
