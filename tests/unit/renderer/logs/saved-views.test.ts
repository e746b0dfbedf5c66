/** Views with a name, as they stand in storage and in the address. */
import { describe, expect, it } from 'vitest';
import { parseViews, partsOf, queryOf } from '../../../../renderer/screens/logs/saved-views.ts';

describe('saved views', () => {
  it('are read as they were written', () => {
    const views = [
      { name: 'errors', parts: { q: 'host:web*', level: 'error' } },
      { name: 'a week', parts: { q: '"a b"', past: '7d', mode: 'highlight' } },
    ];
    expect(parseViews(JSON.stringify(views))).toEqual(views);
  });

  it.each([
    null,
    '',
    '{}',
    'rubbish',
    '[null, 7, {}, {"name": "", "parts": {}}, {"name": "a"}]',
    '[{"name": "a", "parts": {"level": "loud"}}]',
    '[{"name": "a", "parts": {"script": "x"}}, {"name": "b", "parts": {"q": 7}}]',
  ])('what is none is left out: %s', (text) => {
    expect(parseViews(text)).toEqual([]);
  });

  it('are of the address what makes a view, and put it back beside all else', () => {
    const address = { q: 'a', level: 'warn', mode: 'filter', from: '1', to: '2', tz: 'utc' };
    expect(partsOf(address)).toEqual({ q: 'a', level: 'warn' });
    expect(partsOf({ q: '', level: 'loud', past: 'ever' })).toEqual({});
    expect(queryOf({ past: '24h' }, { ...address, around: 'abcd-1' })).toEqual({ tz: 'utc', past: '24h' });
  });
});
