/** What fires, in the order in which it wants to be looked at, and what many hosts have in common as one. */
import { expect, test } from 'vitest';
import { alertGroups } from '../../../../renderer/alerts/alert-groups.ts';
import type { Alert } from '../../../../shared/schema/alerts.ts';
import { alertOf } from '../../../support/alert-of.ts';
import { startTime } from '../../../support/observations.ts';

let made = 0;

function silent(host: string, seconds: number, changes: Partial<Alert> = {}): Alert {
  const firedAt = startTime + seconds * 1_000;
  return alertOf(host, {
    id: `alert${++made}`,
    measure: 'offline',
    subject: null,
    level: 'crit',
    firedAt,
    ...changes,
  });
}

const shape = (alerts: Alert[]): string[][] =>
  alertGroups(alerts).map((group) => group.alerts.map(({ host }) => host));

test('acknowledged ones come last, critical before warning, the newest first', () => {
  const alerts = [
    silent('seen', 50, { acknowledgedAt: startTime + 51_000 }),
    silent('warn-old', 10, { level: 'warn', measure: 'cpu' }),
    silent('warn-new', 40, { level: 'warn', measure: 'cpu' }),
    silent('crit-old', 5),
    silent('crit-new', 20),
  ];
  expect(shape(alerts)).toEqual([['crit-new'], ['crit-old'], ['warn-new'], ['warn-old'], ['seen']]);
});

test('the same on four hosts is one group, on three it is not', () => {
  const three = ['a', 'b', 'c'].map((host, index) => silent(host, index));
  expect(shape(three)).toEqual([['c'], ['b'], ['a']]);
  expect(shape([...three, silent('d', 9)])).toEqual([['d', 'c', 'b', 'a']]);
});

test('four disks of one host are its own trouble', () => {
  const disks = ['/', '/a', '/b', '/c'].map((subject, index) =>
    silent('web-1', index, { measure: 'disk', subject }),
  );
  expect(shape(disks)).toEqual([['web-1'], ['web-1'], ['web-1'], ['web-1']]);
});

test('a group holds neither another level nor what somebody has seen, and stands where its newest does', () => {
  const alerts = [
    ...['a', 'b', 'c', 'd'].map((host, index) => silent(host, index)),
    silent('warned', 2, { level: 'warn' }),
    silent('seen', 3, { acknowledgedAt: startTime }),
    silent('newer', 30, { measure: 'memory' }),
    silent('older', 1.5, { measure: 'memory' }),
  ];
  expect(shape(alerts)).toEqual([['newer'], ['d', 'c', 'b', 'a'], ['older'], ['warned'], ['seen']]);
});

test('a group stays the same one while hosts join and leave it', () => {
  const four = ['a', 'b', 'c', 'd'].map((host, index) => silent(host, index));
  const [before] = alertGroups(four);
  const [after] = alertGroups([...four.slice(1), silent('e', 9), silent('f', 9)]);
  expect(after!.key).toBe(before!.key);
});
