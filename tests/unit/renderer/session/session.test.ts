/** What is offered to whom: one table, and the hub's word over that of the address. */
import { shallowRef } from 'vue';
import { expect, test } from 'vitest';
import type { Hello } from '../../../../shared/schema/stream.ts';
import { createSession, type Deed } from '../../../../renderer/session/session.ts';

const deeds: Deed[] = ['point', 'publish', 'manage', 'share', 'configure', 'audit'];
const helloOf = (changes: Partial<Hello>) =>
  ({ channels: ['metrics', 'state'], share: null, ...changes }) as Hello;

function allowed(share: string | null, hello: Hello | null): Deed[] {
  const session = createSession(share, shallowRef(hello));
  return deeds.filter((deed) => session.may(deed));
}

test('the owner may do everything, a viewer point, an operator look', () => {
  expect(allowed(null, helloOf({ role: 'owner' }))).toEqual(deeds);
  expect(allowed('abcdef012345', helloOf({ role: 'viewer' }))).toEqual(['point']);
  expect(allowed(null, helloOf({ role: 'operator' }))).toEqual([]);
});

test('before the hub has said so the address tells; then the hub does', () => {
  expect(allowed(null, null)).toEqual(deeds);
  expect(allowed('abcdef012345', null)).toEqual(['point']);
  expect(allowed(null, helloOf({ role: 'viewer' }))).toEqual(['point']);
});

test('only what comes over the stream has a place on the page', () => {
  const hello = shallowRef<Hello | null>(null);
  const session = createSession('abcdef012345', hello);
  expect(session.sees('logs')).toBe(true);
  hello.value = helloOf({ role: 'viewer' });
  expect([session.sees('metrics'), session.sees('logs')]).toEqual([true, false]);
});
