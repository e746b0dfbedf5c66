/** Pointers: what is shown, what is news, and by which name. */
import { computed, ref, shallowRef } from 'vue';
import { expect, test } from 'vitest';
import type { Pointer } from '../../../../shared/schema/shares.ts';
import type { ShareTold } from '../../../../shared/schema/stream.ts';
import { PointerList } from '../../../../renderer/store/pointer-list.ts';
import { pointerName } from '../../../../renderer/viewer/pointer-words.ts';
import { createPointing } from '../../../../renderer/viewer/pointing.ts';

const now = 1_700_000_000_000;

function pointerOf(id: string, changes: Partial<Pointer> = {}): Pointer {
  return {
    id: id.padEnd(8, '0'),
    time: now - 10_000,
    host: 'web-1',
    series: null,
    by: 'Ana',
    role: 'viewer',
    since: now - 1_000,
    until: now + 299_000,
    ...changes,
  };
}

function pointingOf(pointers: Pointer[], share: string | null, name = '') {
  const clock = shallowRef(now);
  const session = { name: ref(name), share };
  return { clock, ...createPointing({ session, pointers: shallowRef(pointers), now: clock }) };
}

test('a pointer is shown until its time is over, and is news for half a minute', () => {
  const { clock, current, news } = pointingOf([pointerOf('a')], null);
  expect([current.value.length, news.value?.by]).toEqual([1, 'Ana']);
  clock.value = now + 60_000;
  expect([current.value.length, news.value]).toEqual([1, null]);
  clock.value = now + 299_000;
  expect(current.value).toEqual([]);
});

test('the newest of others is news, until it is put away', () => {
  const { news, dismiss } = pointingOf(
    [pointerOf('a'), pointerOf('b', { by: 'Bea', since: now - 500 })],
    'abcdef012345',
  );
  expect(news.value?.by).toBe('Bea');
  dismiss();
  expect(news.value).toBeNull();
});

test('one’s own is no news: not the owner’s on his pages, not one’s own name on a share', () => {
  expect(pointingOf([pointerOf('a', { role: 'owner', by: '' })], null).news.value).toBeNull();
  expect(pointingOf([pointerOf('a', { role: 'owner', by: '' })], 'abcdef012345').news.value).not.toBeNull();
  expect(pointingOf([pointerOf('a', { by: 'Bea' })], 'abcdef012345', 'Bea').news.value).toBeNull();
});

test('who did not say a name has one by his role', () => {
  const viewerPage = { share: 'abcdef012345', told: computed(() => ({ by: 'Ana' }) as ShareTold) };
  const ownerPage = { share: null, told: computed(() => null) };
  expect(pointerName({ by: 'Bea\u202e', role: 'viewer' }, ownerPage)).toBe('Bea<U+202E>');
  expect(pointerName({ by: '', role: 'viewer' }, ownerPage)).toBe('Someone');
  expect(pointerName({ by: '', role: 'owner' }, ownerPage)).toBe('You');
  expect(pointerName({ by: '', role: 'owner' }, viewerPage)).toBe('Ana');
});

test('the list holds what a snapshot names and what came since, by time, and forgets what is over', () => {
  const list = new PointerList();
  list.take(pointerOf('late', { time: now }), now);
  list.take(pointerOf('early'), now);
  expect(list.pointers.value.map(({ id }) => id)).toEqual(['early000', 'late0000']);
  list.take(pointerOf('next', { until: now + 900_000 }), now + 299_000);
  expect(list.pointers.value.map(({ id }) => id)).toEqual(['next0000']);
  list.beginSnapshot();
  list.take(pointerOf('only'), now);
  list.endSnapshot();
  expect(list.pointers.value.map(({ id }) => id)).toEqual(['only0000']);
});
