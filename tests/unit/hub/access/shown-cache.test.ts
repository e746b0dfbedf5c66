/** What is kept for a crowd: made once for each sight, and not for long. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ShownCache } from '../../../../hub/access/shown-cache.ts';
import { everything, type Sight } from '../../../../hub/access/sight.ts';

const [one, other]: Sight[] = [
  { ...everything, key: 'one' },
  { ...everything, key: 'other' },
];

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('what is made for a sight is made once within five seconds, and for no other sight', () => {
  const cache = new ShownCache<object, string | null>();
  const [line, hidden] = [{}, {}];
  let made = 0;
  const ask = (sight: Sight, original: object, shown: string | null) =>
    cache.of(sight, original, () => (made++, shown));
  expect([ask(one!, line, 'a'), ask(one!, line, 'b'), ask(other!, line, 'c')]).toEqual(['a', 'a', 'c']);
  expect([ask(one!, hidden, null), ask(one!, hidden, 'd'), made]).toEqual([null, null, 3]);
  vi.advanceTimersByTime(5_000);
  expect([ask(one!, line, 'e'), made]).toEqual(['e', 4]);
});
