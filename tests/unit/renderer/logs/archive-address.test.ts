/** Permalinks and searches in the page's address. */
import { describe, expect, it } from 'vitest';
import { aroundOf, aroundQuery, pastOf } from '../../../../renderer/screens/logs/archive-address.ts';
import { logLineOf } from '../../../support/observations.ts';

describe('the archive in the address', () => {
  it('names a line by its id, and one without by host and time', () => {
    const line = logLineOf('web-1', 0, { time: 1_790_000_000_123 });
    expect(aroundOf(aroundQuery(line, 'abcd1234-77') as { around: string })).toEqual({ id: 'abcd1234-77' });
    expect(aroundOf(aroundQuery(line, null) as { around: string })).toEqual({
      host: 'web-1',
      time: 1_790_000_000_123,
    });
  });

  it.each(['', 'x', 'web-1@', '@12', 'web-1@12x', '../x@12', 'web-1@1234567890123456'])(
    'takes %j for no line',
    (around) => {
      expect(aroundOf({ around })).toBeNull();
    },
  );

  it('takes an unknown reach for a week, and none for no search', () => {
    expect(pastOf({ past: '24h' })).toBe('24h');
    expect(pastOf({ past: 'forever' })).toBe('7d');
    expect(pastOf({})).toBeNull();
  });
});
