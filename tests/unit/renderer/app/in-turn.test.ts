/** One question at a time, in order; what nobody waits for is not asked. */
import { expect, test } from 'vitest';
import { inTurn } from '../../../../renderer/app/in-turn.ts';

test('each waits for those before, also where they fail', async () => {
  const ask = inTurn();
  const { signal } = new AbortController();
  const order: string[] = [];
  const first = Promise.withResolvers<string>();
  const one = ask(() => (order.push('one begins'), first.promise), signal);
  const two = ask(() => (order.push('two begins'), Promise.resolve('second')), signal);
  await Promise.resolve();
  await Promise.resolve();
  expect(order).toEqual(['one begins']);
  first.reject(new Error('failed'));
  await expect(one).rejects.toThrow('failed');
  expect(await two).toBe('second');
  expect(order).toEqual(['one begins', 'two begins']);
});

test('a question that was given up before its turn is never put', async () => {
  const ask = inTurn();
  const leaving = new AbortController();
  const first = Promise.withResolvers<void>();
  void ask(() => first.promise, new AbortController().signal);
  let isAsked = false;
  const given = ask(() => Promise.resolve((isAsked = true)), leaving.signal);
  leaving.abort();
  first.resolve();
  expect(await given).toBeNull();
  expect(isAsked).toBe(false);
});
