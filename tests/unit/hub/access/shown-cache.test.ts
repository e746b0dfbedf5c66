/** What is kept for a crowd: made once for each sight, and not for long. */
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ShownCache } from '../../../../hub/access/shown-cache.ts';
import { everything, type Sight } from '../../../../hub/access/sight.ts';

const [one, other]: Sight[] = [
  { ...everything, key: 'one' },
  { ...everything, key: 'other' },
];

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] }));
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

test('nothing is held for a crowd that does not come', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const cache = new ShownCache<object, string | null>();
  const kept = keepOne(cache);
  await turn();
  collect();
  expect(kept.deref()).toBeDefined();
  await turn();
  vi.advanceTimersByTime(5_000);
  collect();
  expect(kept.deref()).toBeUndefined();
  expect(cache.of(one!, {}, () => 'anew')).toBe('anew');
});

function keepOne(cache: ShownCache<object, string | null>): WeakRef<object> {
  const line = {};
  cache.of(one!, line, () => 'shown');
  return new WeakRef(line);
}
