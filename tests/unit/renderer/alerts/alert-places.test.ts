/** Which chart, or which bar, shows which alert. */
import { expect, test } from 'vitest';
import { alertsOfMounts, alertsOnChart, firesAt } from '../../../../renderer/alerts/alert-places.ts';
import {
  coresChart,
  cpuChart,
  memoryChart,
  networkChart,
} from '../../../../renderer/screens/host/host-charts.ts';
import { alertMeasures } from '../../../../shared/schema/alerts.ts';
import { alertOf } from '../../../support/alert-of.ts';

const ofEach = alertMeasures.map((measure) =>
  alertOf('web-1', { id: `${measure}00001`, measure, subject: measure === 'disk' ? '/' : null }),
);

test.each([
  ['CPU', cpuChart(), ['cpu', 'offline']],
  ['memory', memoryChart(100, true), ['memory', 'offline']],
  ['network', networkChart('bits'), ['offline']],
  ['cores', coresChart(4), ['offline']],
])('the chart of %s shows what it is of, and silence', (_, spec, measures) => {
  const shown = alertsOnChart(ofEach, spec.watched?.measure ?? null);
  expect(shown.map(({ measure }) => measure)).toEqual(measures);
});

test('an amount in percent lies where its chart has it', () => {
  expect(cpuChart().watched!.valueOf(90)).toBe(90);
  expect(memoryChart(2_000, false).watched!.valueOf(95)).toBe(1_900);
});

test('of a mount the worst that fired at the time', () => {
  const of = (id: string, changes: object) => alertOf('web-1', { id, firedAt: 1_000, ...changes });
  const alerts = [
    of('critical1', { subject: '/', level: 'crit' }),
    of('warning01', { subject: '/' }),
    of('ended0001', { subject: '/srv', endedAt: 2_000 }),
    of('memory001', { subject: null, measure: 'memory' }),
  ];
  const idsAt = (time: number) => [...alertsOfMounts(alerts, time)].map(([mount, { id }]) => [mount, id]);
  expect(idsAt(999)).toEqual([]);
  expect(idsAt(1_500)).toEqual([
    ['/', 'critical1'],
    ['/srv', 'ended0001'],
  ]);
  expect(idsAt(2_000)).toEqual([['/', 'critical1']]);
  expect(alertsOfMounts(alerts.toReversed(), 1_500).get('/')?.id).toBe('critical1');
});

test('what has ended does not fire at its end', () => {
  expect([999, 1_000, 1_999, 2_000].map((time) => firesAt({ firedAt: 1_000, endedAt: 2_000 }, time))).toEqual(
    [false, true, true, false],
  );
});
