/** Live and paused ranges, and how the address holds them. */
import { describe, expect, it } from 'vitest';
import { rangeQuery, spanOf } from '../../../../renderer/app/time-range.ts';

describe('the time range of an address', () => {
  it('is a span only where both ends make sense', () => {
    expect(spanOf({ from: '1000', to: '2000' })).toEqual({ from: 1000, to: 2000 });
    const senseless = [
      {},
      { from: '1000' },
      { from: '2000', to: '1000' },
      { from: '1000', to: '1000' },
      { from: 'x', to: '2000' },
      { from: '-5', to: '2000' },
      { from: '1.5', to: '2000' },
      { from: '1000', to: '1e30' },
      { from: ['1', '2'], to: '2000' },
    ];
    for (const query of senseless) expect(spanOf(query)).toBeNull();
  });

  it('is no longer than anything is kept, and ends where it says', () => {
    const to = 1_764_000_000_000;
    expect(spanOf({ from: '1', to: String(to) })).toEqual({ from: to - 2 * 366 * 86_400_000, to });
    expect(spanOf({ from: '1', to: '8640000000000001' })).toBeNull();
  });

  it('is all that is carried from screen to screen', () => {
    expect(rangeQuery({ window: '5m', q: 'error', from: '1' })).toEqual({ window: '5m', from: '1' });
  });
});
