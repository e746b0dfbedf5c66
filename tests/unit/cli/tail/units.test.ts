/** Numbers of a terminal line. */
import { expect, test } from 'vitest';
import { bitsPerSecond, bytes } from '../../../../cli/tail/units.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1023, '1.00 KiB'],
  [1536, '1.50 KiB'],
  [10_235, '10.0 KiB'],
  [25_232_932_864, '23.5 GiB'],
  [2 ** 60, '1024 PiB'],
])('%d bytes are %s', (value, text) => expect(bytes(value)).toBe(text));

test.each([
  [0, '0 bit/s'],
  [124.9, '999 bit/s'],
  [125, '1.00 kbit/s'],
  [1_250_000, '10.0 Mbit/s'],
])('%d bytes a second are %s', (value, text) => expect(bitsPerSecond(value)).toBe(text));
