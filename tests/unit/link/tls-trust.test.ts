/** A client says nothing to a peer before it knows who that is, and there is no way to have it not look. */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { connectVerified } from '../../../link/tls/connect-verified.ts';
import { isKeyPin } from '../../../link/tls/key-pin.ts';
import { readAuthority, type Trust } from '../../../link/tls/trust.ts';
import { UntrustedError } from '../../../link/tls/untrusted-error.ts';
import type { WatchlineError } from '../../../shared/errors.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';
import {
  makeTlsIdentity,
  startBytesListener,
  startTlsListener,
  type TlsListener,
} from '../../support/tls-listener.ts';
import { until } from '../../support/until.ts';

const protocols = ['h2', 'http/1.1'];

async function refusalBy(
  listener: Pick<TlsListener, 'url'>,
  trust: Trust,
  timeoutMs = 5_000,
): Promise<WatchlineError> {
  const connecting = connectVerified({ url: listener.url, trust, protocols, timeoutMs });
  return await connecting.then(
    (socket) => {
      socket.destroy();
      throw new Error('It was trusted');
    },
    (error: WatchlineError) => error,
  );
}

test("a pin is what openssl calls the key's hash", async () => {
  await using folder = await makeTempFolder();
  const identity = makeTlsIdentity();
  const file = path.join(folder.path, 'cert.pem');
  writeFileSync(file, identity.certificate);
  await using listener = await startTlsListener(identity);
  const spki = execFileSync('openssl', ['x509', '-in', file, '-noout', '-pubkey']);
  const der = execFileSync('openssl', ['pkey', '-pubin', '-outform', 'DER'], { input: spki });
  const digest = execFileSync('openssl', ['dgst', '-sha256', '-binary'], { input: der });
  expect(listener.pin).toBe(`sha256/${digest.toString('base64url')}`);
  expect(isKeyPin(listener.pin)).toBe(true);
  expect(isKeyPin(listener.pin.slice(0, -1))).toBe(false);
});

test('the pinned key is trusted whatever the certificate says of names and time', async () => {
  const identity = makeTlsIdentity(['elsewhere.example'], Date.UTC(2001, 0, 1));
  await using listener = await startTlsListener(identity);
  const socket = await connectVerified({
    url: listener.url,
    trust: { kind: 'pin', pin: listener.pin },
    protocols,
    timeoutMs: 5_000,
  });
  expect(socket.alpnProtocol).toBe('h2');
  socket.write('secret');
  await until('the secret to arrive', () => listener.heard.toString() === 'secret');
  socket.destroy();
});

test('another key than the pinned one hears not one byte, and the error says how to mend it', async () => {
  await using listener = await startTlsListener();
  await using other = await startTlsListener();
  const error = await refusalBy(listener, { kind: 'pin', pin: other.pin });
  expect(error).toBeInstanceOf(UntrustedError);
  expect(error.code).toBe('pin-changed');
  expect(error.isRetryable).toBe(false);
  expect(error.message).toContain(other.pin);
  expect(error.remedy).toContain(`--pin ${listener.pin}`);
  await until('the connection to be closed', () => listener.closed === 1);
  expect(listener.heard).toHaveLength(0);
});

test('what no authority vouches for hears not one byte', async () => {
  await using listener = await startTlsListener();
  const error = await refusalBy(listener, { kind: 'system' });
  expect(error.code).toBe('certificate-untrusted');
  expect(error.message).toContain('no authority that is known here vouches for it');
  expect(error.remedy).toContain(`--pin ${listener.pin}`);
  expect(listener.heard).toHaveLength(0);
});

test('a certificate for another name is refused, and which names it has is said', async () => {
  await using listener = await startTlsListener(makeTlsIdentity(['elsewhere.example']));
  const error = await refusalBy(listener, { kind: 'authority', certificates: listener.certificate });
  expect(error.code).toBe('certificate-untrusted');
  expect(error.message).toContain('it is for DNS:elsewhere.example');
  expect(listener.heard).toHaveLength(0);
});

test.for([
  ['ended', Date.UTC(2001, 0, 1), /it ended on 2002-01-01, and this machine's clock says \d{4}-\d\d-\d\d/],
  ['not begun', Date.now() + 40 * 86_400_000, /it begins on .*, and this machine's clock says/],
] as const)(
  'a certificate that has %s is told with both dates: the clock may be wrong',
  async ([, now, words]) => {
    await using listener = await startTlsListener(makeTlsIdentity(['127.0.0.1'], now));
    const error = await refusalBy(listener, { kind: 'authority', certificates: listener.certificate });
    expect(error.message).toMatch(words);
    expect(listener.heard).toHaveLength(0);
  },
);

test('a peer that speaks no TLS, or nothing at all, is named', async () => {
  await using plain = await startBytesListener('HTTP/1.1 400 Bad Request\r\n\r\n');
  expect(await refusalBy(plain, { kind: 'system' })).toMatchObject({ code: 'no-tls', isRetryable: true });
  await using silent = await startBytesListener(null);
  const error = await refusalBy(silent, { kind: 'system' }, 200);
  expect(error).toMatchObject({ code: 'unreachable', isRetryable: true });
  expect(error.message).toContain('does not finish the TLS handshake');
  const nobody = { url: new URL('https://127.0.0.1:1') };
  expect((await refusalBy(nobody, { kind: 'system' })).message).toBe('127.0.0.1:1 refuses connections.');
});

test('an authority file that is none is a mistake in the settings', async () => {
  await using folder = await makeTempFolder();
  const file = path.join(folder.path, 'ca.pem');
  expect(() => readAuthority(file)).toThrow(`The authority file ${file} does not exist.`);
  writeFileSync(file, 'no certificate');
  expect(() => readAuthority(file)).toThrow('cannot be read as certificates');
});

test('there is one place that decides about a peer, and no other goes past it', () => {
  const root = path.join(import.meta.dirname, '../../..');
  const files = globSync('{shared,link,collect,hub,agent,cli,electron,renderer}/**/*.ts', { cwd: root });
  expect(files.length).toBeGreaterThan(200);
  const lines = files.flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .filter((line) => /rejectUnauthorized|NODE_TLS_REJECT|insecureHTTPParser/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  // The second looks at a certificate to show it to its owner, and says nothing (contract/upstreams-rest).
  expect(lines.sort()).toEqual([
    'hub/upstreams/probe.ts: rejectUnauthorized: false,',
    'link/tls/connect-verified.ts: rejectUnauthorized: false,',
  ]);
});
