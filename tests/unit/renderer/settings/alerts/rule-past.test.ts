/** The line under a rule: how often it fired within a day, and where it fires now. */
import { expect, test } from 'vitest';
import { rulePast } from '../../../../../renderer/screens/settings/alerts/rule-past.ts';
import type { Alert } from '../../../../../shared/schema/alerts.ts';
import { alertOf } from '../../../../support/alert-of.ts';
import { startTime } from '../../../../support/observations.ts';

const HOUR = 3_600_000;
const now = startTime + 100 * HOUR;
const past = (...alerts: Alert[]) => rulePast('disk', alerts, now, (host) => host.toUpperCase());
const fired = (host: string, hoursAgo: number, changes: Partial<Alert> = {}) =>
  alertOf(host, { id: `${host} ${hoursAgo}`, firedAt: now - hoursAgo * HOUR, ...changes });
const ended = { endedAt: now - HOUR };

test('it counts what fired within a day, of this rule alone', () => {
  expect(past()).toBe('Has not fired in 24 h');
  expect(past(fired('web-1', 2, { ...ended, measure: 'memory' }))).toBe('Has not fired in 24 h');
  expect(past(fired('web-1', 2, ended), fired('web-1', 23, ended), fired('web-1', 25, ended))).toBe(
    'Fired 2 times in 24 h',
  );
});

test('it names where it fires now, each host once, and counts the rest', () => {
  expect(past(fired('web-1', 3, ended), fired('web-1', 2))).toBe('Fired 2 times in 24 h; fires now on WEB-1');
  expect(past(fired('web-1', 30))).toBe('Fires now on WEB-1');
  const many = ['a', 'b', 'c', 'd', 'e'].map((host) => fired(host, 1));
  expect(past(...many, fired('a', 1, { subject: '/' }))).toBe(
    'Fired 6 times in 24 h; fires now on A, B, C +2',
  );
});
