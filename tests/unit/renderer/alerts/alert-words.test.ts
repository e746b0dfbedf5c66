/** Alerts in words: while they fire, and once they are over. */
import { expect, test } from 'vitest';
import {
  alertHead,
  alertLook,
  alertMore,
  alertSentence,
  alertSubject,
} from '../../../../renderer/alerts/alert-words.ts';
import { formatMoment } from '../../../../renderer/format/time.ts';
import type { Alert } from '../../../../shared/schema/alerts.ts';
import { alertOf } from '../../../support/alert-of.ts';
import { unseen } from '../../../support/hostile-texts.ts';
import { startTime } from '../../../support/observations.ts';

const MINUTE = 60_000;
const now = startTime + 6 * MINUTE;
const endedAt = startTime + 12 * MINUTE;

const disk = alertOf();
const memory = alertOf('web-1', { measure: 'memory', subject: null, above: 95, peak: 97.2 });
const cpu = alertOf('web-1', { measure: 'cpu', subject: null, above: 92.5, peak: 100 });
const offline = alertOf('web-1', {
  measure: 'offline',
  subject: null,
  above: null,
  peak: null,
  level: 'crit',
});
const over = (alert: Alert): Alert => ({ ...alert, endedAt, ending: 'cleared' });

test.each([
  [disk, 'Disk /var/log 93.5 % full (over 90 %) for 6 min'],
  [memory, 'Memory 97.2 % (over 95 %) for 6 min'],
  [cpu, 'CPU 100 % busy (over 92.5 %) for 6 min'],
  [offline, 'Offline for 6 min'],
])('what fires: %#', (alert, sentence) => {
  expect(alertSentence(alert, now)).toBe(sentence);
});

test.each([
  [disk, 'Disk /var/log was over 90 % full (up to 93.5 %)'],
  [memory, 'Memory was over 95 % (up to 97.2 %)'],
  [cpu, 'CPU was over 92.5 % busy (up to 100 %)'],
  [offline, 'Was offline'],
])('what fired: %#', (alert, head) => {
  const later = endedAt + 60 * MINUTE;
  expect(alertHead(over(alert))).toBe(head);
  expect(alertMore(over(alert), later)).toBe(`for 12 min, until ${formatMoment(endedAt, later)}`);
});

test('that somebody has seen it is told while it fires', () => {
  const seen = { ...memory, acknowledgedAt: now };
  expect(alertMore(seen, now)).toBe('for 6 min, acknowledged');
  expect(alertMore(over(seen), endedAt)).not.toContain('acknowledged');
});

test('one that nobody looks at any more was not over then', () => {
  const dropped: Alert = { ...disk, endedAt, ending: 'dropped' };
  expect(alertMore(dropped, endedAt)).toBe(`for 12 min, watched until ${formatMoment(endedAt, endedAt)}`);
});

test('a clock that is behind makes no time less than none', () => {
  expect(alertMore(offline, startTime - MINUTE)).toBe('for 0 s');
});

test('the name of a mount is shown, whatever it holds', () => {
  const hostile = alertOf('web-1', { subject: `/mnt/${unseen}` });
  for (const text of [alertHead(hostile), alertHead(over(hostile)), alertSubject(hostile)])
    expect(text).toContain('<U+202E>');
});

test('levels are told apart by shape as well as by colour', () => {
  expect(alertLook(memory)).toEqual({ tone: 'warn', shape: 'triangle' });
  expect(alertLook(offline)).toEqual({ tone: 'crit', shape: 'octagon' });
});
