/** Held at once, asked where it is not whole, and what is left where nobody answers. */
import { effectScope, nextTick, ref, shallowRef, type EffectScope } from 'vue';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HubAnswer } from '../../../../../renderer/app/ask-hub.ts';
import type { TimeSpan } from '../../../../../renderer/app/time-range.ts';
import { useTold, type Held, type Told } from '../../../../../renderer/screens/host/cause/use-told.ts';
import { until } from '../../../../support/until.ts';

const span = shallowRef<TimeSpan | null>(null);
const held = shallowRef<Held<string> | null>(null);
const rows = ref(0);
let asked: { span: TimeSpan; signal: AbortSignal; answer: (answer: HubAnswer<string>) => void }[] = [];
let scope: EffectScope;
let told: { readonly value: Told<string> };

beforeEach(() => {
  span.value = held.value = null;
  rows.value = 0;
  asked = [];
  scope = effectScope();
  told = scope.run(() =>
    useTold<string>({
      span: () => span.value,
      held: () => held.value,
      heldRows: () => rows.value,
      ask: (about, signal) =>
        new Promise((answer) => {
          asked.push({ span: about, signal, answer });
        }),
    }),
  )!;
});
afterEach(() => scope.stop());

test('what is held in whole is told at once, and nobody is asked', async () => {
  held.value = { value: 'held', isWhole: true };
  span.value = { from: 1, to: 2 };
  await nextTick();
  expect(told.value).toEqual({ value: 'held', isAsking: false, isPartial: false, trouble: null });
  expect(asked).toEqual([]);
});

test('what is held in part is shown until the hub has answered', async () => {
  held.value = { value: 'part', isWhole: false };
  span.value = { from: 1, to: 2 };
  await nextTick();
  expect(told.value).toMatchObject({ value: 'part', isAsking: true });
  await until('the question', () => asked.length === 1);
  asked[0]!.answer({ isGood: true, value: 'whole' });
  await until('the answer', () => told.value.value === 'whole');
  // More that comes to be held does not ask again.
  rows.value++;
  await nextTick();
  expect(told.value).toEqual({ value: 'whole', isAsking: false, isPartial: false, trouble: null });
});

test('where the hub cannot say, the part stays and says that it is one', async () => {
  held.value = { value: 'part', isWhole: false };
  span.value = { from: 1, to: 2 };
  await until('the question', () => asked.length === 1);
  asked[0]!.answer({ isGood: false, sentence: 'No history is kept.', code: 'history-off' });
  await until('the end of waiting', () => !told.value.isAsking);
  expect(told.value).toEqual({
    value: 'part',
    isAsking: false,
    isPartial: true,
    trouble: 'No history is kept.',
  });
  held.value = null;
  rows.value++;
  await nextTick();
  expect(told.value).toMatchObject({ value: null, trouble: 'No history is kept.' });
});

test('a window that moves on is asked about once it stands, and an old answer is not shown', async () => {
  span.value = { from: 1, to: 2 };
  await until('the first question', () => asked.length === 1);
  span.value = { from: 3, to: 4 };
  await nextTick();
  span.value = { from: 5, to: 6 };
  await until('the second question', () => asked.length === 2);
  expect(asked[1]!.span).toEqual({ from: 5, to: 6 });
  expect(asked[0]!.signal.aborted).toBe(true);
  asked[0]!.answer({ isGood: true, value: 'old' });
  asked[1]!.answer({ isGood: true, value: 'new' });
  await until('the new answer', () => told.value.value !== null);
  expect(told.value.value).toBe('new');
  span.value = null;
  await nextTick();
  expect(told.value.value).toBeNull();
});
