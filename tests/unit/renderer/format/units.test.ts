/** Quantities with three significant digits and their units. */
import { describe, expect, it } from 'vitest';
import { formatCount, formatNumber } from '../../../../renderer/format/number.ts';
import {
  formatBitRate,
  formatByteRate,
  formatBytes,
  formatPercent,
  formatShare,
} from '../../../../renderer/format/units.ts';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [0.004, '0'],
    [0.123, '0.12'],
    [1.234, '1.23'],
    [9.994, '9.99'],
    [9.996, '10.0'],
    [12.34, '12.3'],
    [99.96, '100'],
    [1234.5, '1,235'],
    [-12.34, '-12.3'],
  ])('%d has three significant digits: %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it.each([null, undefined, NaN, Infinity])('%s is unknown, not zero', (value) => {
    expect([formatNumber(value), formatCount(value), formatBytes(value), formatPercent(value)]).toEqual(
      Array(4).fill('-'),
    );
  });
});

describe('units', () => {
  it.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1.00 KiB'],
    [1023.9 * 1024, '1.00 MiB'],
    [1.5 * 2 ** 30, '1.50 GiB'],
    [2 ** 80, '1,048,576 EiB'],
  ])('%d bytes is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('tells the network in bits by thousands and the disk in bytes by 1024', () => {
    expect(formatBitRate(125_000)).toBe('1.00 Mbit/s');
    expect(formatByteRate(125_000)).toBe('122 KiB/s');
  });

  it.each([
    [0, '0 %'],
    [0.04, '0.0 %'],
    [42.34, '42.3 %'],
    [99.94, '99.9 %'],
    [99.95, '100 %'],
  ])('%d percent is %s', (percent, text) => {
    expect(formatPercent(percent)).toBe(text);
  });

  it('writes a share in the unit of the whole', () => {
    expect(formatShare(512 * 2 ** 20, 8 * 2 ** 30)).toBe('0.5 of 8.0 GiB');
    expect(formatShare(null, 8 * 2 ** 30)).toBe('-');
    expect(formatShare(2 ** 30, null)).toBe('1.00 GiB');
  });
});
