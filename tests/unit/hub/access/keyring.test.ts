/** Secrets sealed by a key: opened by that key alone, unreadable and unchangeable for everybody else. */
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  isSealed,
  KEY_BYTES,
  keyringOf,
  noKeyring,
  SealedSecretError,
} from '../../../../hub/access/keyring.ts';

const keyring = keyringOf(randomBytes(KEY_BYTES));
const secret = 'a-token-that-is-nobodys-business-0123456789';

it('what was sealed is opened, says nothing of the secret, and never looks the same twice', () => {
  const [one, other] = [keyring.seal(secret), keyring.seal(secret)];
  expect(keyring.open(one)).toBe(secret);
  expect(isSealed(one)).toBe(true);
  expect(one).not.toContain(secret);
  expect(one).not.toBe(other);
});

it('what was never sealed is given back as it is', () => {
  expect([keyring.open(secret), noKeyring.open(secret), noKeyring.seal(secret)]).toEqual([
    secret,
    secret,
    secret,
  ]);
});

it.each([
  ['another key', (sealed: string) => keyringOf(randomBytes(KEY_BYTES)).open(sealed)],
  ['no keyring', (sealed: string) => noKeyring.open(sealed)],
  [
    'a changed character',
    (sealed: string) => keyring.open(sealed.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))),
  ],
  ['the half of it', (sealed: string) => keyring.open(sealed.slice(0, 20))],
  ['nothing behind the mark', () => keyring.open('sealed:')],
] as const)('%s opens nothing, and says what to do', (_what, open) => {
  const sealed = keyring.seal(secret);
  expect(() => open(sealed)).toThrow(SealedSecretError);
  expect(() => open(sealed)).toThrow(/sealed by a keyring/);
});
