/** Which share a page is of, and the secret that its link holds. */
import { expect, test } from 'vitest';
import {
  addShare,
  isShareId,
  pageBase,
  shareHeaders,
  shareOfPage,
  takeShareSecret,
} from '../../../../renderer/session/share-address.ts';

const share = 'abcdef012345';
const secret = 'Zm9vYmFyLWJhel9xdXV4LTAxMjM0NTY3ODlhYmNkZWY';

test.each([
  [`/s/${share}`, share],
  [`/s/${share}/`, share],
  [`/s/${share}/host/web-1`, share],
  ['/s/cut', 'cut'],
  ['/s', null],
  ['/', null],
  ['/settings', null],
  ['/host/s/abcdef012345', null],
])('%s is of %s', (path, found) => {
  expect(shareOfPage(path)).toBe(found);
});

test('an id that was cut short leads nowhere, and nobody is asked', () => {
  expect([isShareId(share), isShareId('cut'), isShareId('../../../x')]).toEqual([true, false, false]);
});

test('the secret is taken out of the address before it is handed on', () => {
  const steps: string[] = [];
  const page = {
    location: { hash: `#${secret}`, pathname: `/s/${share}`, search: '?tv' } as Location,
    history: {
      state: 7,
      replaceState: (...step: unknown[]) => steps.push(step.join(' ')),
    } as unknown as History,
  };
  const at = (hash: string) => ({ ...page, location: { ...page.location, hash } });
  expect(takeShareSecret(page)).toBe(secret);
  expect(steps).toEqual([`7  /s/${share}?tv`]);
  expect(takeShareSecret(at(`#${secret}).`))).toBe(secret);
  expect(takeShareSecret(at('#content'))).toBeNull();
  expect(takeShareSecret(at(''))).toBeNull();
  expect(steps).toHaveLength(2);
});

test('requests of a share’s page say which share is meant, those of the owner’s page nothing', () => {
  expect(shareHeaders(share)).toEqual({ 'x-watchline-share': share });
  expect(shareHeaders(null)).toEqual({});
  expect(addShare(new URLSearchParams('wait=0'), share).toString()).toBe(`wait=0&share=${share}`);
  expect(addShare(new URLSearchParams('wait=0'), null).toString()).toBe('wait=0');
});

test('screens of a share stand below it', () => {
  expect([pageBase(null), pageBase(share)]).toEqual(['/', `/s/${share}/`]);
});
