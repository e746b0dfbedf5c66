/** Keys as people compare them. */
import { expect, it } from 'vitest';
import { shortKey, wholeKey } from '../../../../renderer/servers/fingerprint.ts';

const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37 + 163) % 256));
const pin = `sha256/${bytes.toString('base64url')}`;
const hex = bytes.toString('hex').toUpperCase();

it('writes a pin and a certificate’s fingerprint alike', () => {
  const colons = hex.match(/../g)!.join(':');
  expect(shortKey(pin)).toBe(`${hex.slice(0, 4)}-${hex.slice(4, 6)}..`);
  expect(shortKey(colons)).toBe(shortKey(pin));
  expect(wholeKey(colons.toLowerCase())).toBe(wholeKey(pin));
  expect(wholeKey(pin).replaceAll('-', '')).toBe(hex);
});

it('leaves what is no key as it is', () => {
  for (const text of ['', 'none', 'sha256/', 'sha512/abcd'])
    expect([shortKey(text), wholeKey(text)]).toEqual([text, text]);
});
