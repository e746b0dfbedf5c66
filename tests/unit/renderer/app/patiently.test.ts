/** A hub that answers as many as it may is asked again: for a while, and not when nobody waits any more. */
import { expect, test } from 'vitest';
import type { HubAnswer } from '../../../../renderer/app/ask-hub.ts';
import { patiently } from '../../../../renderer/app/patiently.ts';
import { historyProblems } from '../../../../shared/schema/history.ts';
import { searchProblems } from '../../../../shared/schema/log-search.ts';

const good: HubAnswer<string> = { isGood: true, value: 'found' };

function refused(code: string): HubAnswer<string> {
  return { isGood: false, sentence: 'Not now.', code };
}

test.each([searchProblems.busy, historyProblems.busy])('asks again after %s', async (code) => {
  const answers = [refused(code), refused(code), good];
  const answer = await patiently(undefined, () => Promise.resolve(answers.shift()!));
  expect(answer).toBe(good);
  expect(answers).toEqual([]);
});

test('takes any other refusal as the answer', async () => {
  const answers = [refused(searchProblems.badFilter), good];
  const answer = await patiently(undefined, () => Promise.resolve(answers.shift()!));
  expect(answer).toEqual(refused(searchProblems.badFilter));
  expect(answers).toEqual([good]);
});

test('does not ask again for who has left', async () => {
  const leaving = new AbortController();
  let asked = 0;
  await patiently(leaving.signal, () => {
    asked++;
    leaving.abort();
    return Promise.resolve(refused(searchProblems.busy));
  });
  expect(asked).toBe(1);
});
