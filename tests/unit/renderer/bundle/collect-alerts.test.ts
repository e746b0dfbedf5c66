/** An alert in a bundle: as it stood when the window ended, whatever became of it. */
import { expect, test } from 'vitest';
import { asOf } from '../../../../renderer/bundle/save/collect-alerts.ts';
import type { Alert } from '../../../../shared/schema/alerts.ts';
import { alertOf } from '../../../support/alert-of.ts';

const window = { from: 1_000, to: 2_000 };

function within(firedAt: number, endedAt: number | null, changes: Partial<Alert> = {}): Alert | null {
  const ending = endedAt === null ? null : 'cleared';
  return asOf(alertOf('web-1', { since: firedAt - 100, firedAt, endedAt, ending, ...changes }), window);
}

test('one that ended in the window has ended', () => {
  expect(within(900, 1_500)).toMatchObject({ firedAt: 900, endedAt: 1_500, ending: 'cleared' });
});

test('one that ended later still fired', () => {
  expect(within(1_500, 2_000)).toMatchObject({ endedAt: null, ending: null });
  expect(within(1_500, null)).toMatchObject({ endedAt: null, ending: null });
});

test('one that was over before, or had not fired yet, is not there', () => {
  expect([within(100, 999), within(2_000, null)]).toEqual([null, null]);
});

test('nobody had seen what somebody saw later', () => {
  expect(within(1_500, null, { acknowledgedAt: 2_500 })).toMatchObject({ acknowledgedAt: null });
  expect(within(1_500, null, { acknowledgedAt: 1_900 })).toMatchObject({ acknowledgedAt: 1_900 });
});
