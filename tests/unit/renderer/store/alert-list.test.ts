/** The page's alerts: those that fire, those that ended, and none that it may not see any more. */
import { expect, test } from 'vitest';
import { AlertList } from '../../../../renderer/store/alert-list.ts';
import { MAX_ALERTS } from '../../../../shared/schema/alerts.ts';
import { alertOf } from '../../../support/alert-of.ts';

const idsIn = (alerts: AlertList['alerts']) => alerts.value.map(({ id }) => id);

test('an alert that ended fires no more, and stays to be seen', () => {
  const list = new AlertList();
  list.take(alertOf('web-1', { id: 'later', firedAt: 2_000 }));
  list.take(alertOf('web-1', { id: 'first', firedAt: 1_000 }));
  list.take(alertOf('web-1', { id: 'first', firedAt: 1_000, endedAt: 5_000 }));
  expect(idsIn(list.firing)).toEqual(['later']);
  expect(idsIn(list.alerts)).toEqual(['first', 'later']);
});

test('one that ended before what this page may see is forgotten, and one that was never here stays away', () => {
  const list = new AlertList();
  list.take(alertOf('web-1', { id: 'known', firedAt: 1_000 }));
  for (const id of ['known', 'unknown']) list.take(alertOf('web-1', { id, firedAt: 9_000, endedAt: 9_000 }));
  expect(idsIn(list.alerts)).toEqual([]);
  expect(idsIn(list.firing)).toEqual([]);
});

test('of those that ended no more are held than a hub holds, and all that fire', () => {
  const list = new AlertList();
  list.take(alertOf('web-1', { id: 'firing', firedAt: 0 }));
  for (let index = 0; index <= MAX_ALERTS; index++)
    list.take(alertOf('web-1', { id: `ended ${index}`, firedAt: 1 + index, endedAt: 10_000 }));
  expect(list.alerts.value).toHaveLength(1 + MAX_ALERTS);
  expect(idsIn(list.alerts).slice(0, 2)).toEqual(['firing', 'ended 1']);
});
