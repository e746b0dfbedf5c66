/** The alerts on the charts of a host: the list is another one where one of them changed, so charts rest while other hosts have theirs. */
import { createApp, effectScope, shallowRef, type ComputedRef, type EffectScope } from 'vue';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useAxisAlerts } from '../../../../renderer/alerts/use-axis-alerts.ts';
import { nowKey } from '../../../../renderer/app/now.ts';
import type { TimeRange } from '../../../../renderer/app/time-range.ts';
import { createDashboard, dashboardKey, type Dashboard } from '../../../../renderer/store/dashboard.ts';
import type { Alert } from '../../../../shared/schema/alerts.ts';
import { alertOf } from '../../../support/alert-of.ts';

let scope: EffectScope;
let dashboard: Dashboard;
let alerts: ComputedRef<readonly Alert[]>;

beforeEach(() => {
  vi.stubGlobal('fetch', () => Promise.reject(new Error('nobody is to be asked')));
  dashboard = createDashboard();
  const app = createApp({})
    .provide(dashboardKey, dashboard)
    .provide(nowKey, shallowRef(dashboard.clock.now()));
  const range = { paused: shallowRef(null), windowMs: shallowRef(300_000) } as unknown as TimeRange;
  scope = effectScope();
  alerts = app.runWithContext(() => scope.run(() => useAxisAlerts('web-1', range))!);
});
afterEach(() => {
  scope.stop();
  vi.unstubAllGlobals();
});

const tell = (alert: Alert): void => dashboard.alerts.take(alert);

test('what fires on another host leaves the list as it is', () => {
  tell(alertOf('web-1'));
  const before = alerts.value;
  expect(before.map(({ id }) => id)).toEqual(['alert0001']);
  tell(alertOf('db-1', { id: 'other0001' }));
  expect(alerts.value).toBe(before);
});

test('one more on this host, and one that is told again, make another list', () => {
  tell(alertOf('web-1', { firedAt: 2_000 }));
  const first = alerts.value;
  tell(alertOf('web-1', { id: 'alert0002', firedAt: 1_000 }));
  const second = alerts.value;
  expect(second.map(({ firedAt }) => firedAt)).toEqual([1_000, 2_000]);
  expect(second).not.toBe(first);
  tell(alertOf('web-1', { firedAt: 2_000, acknowledgedAt: 3_000 }));
  expect(alerts.value.map(({ acknowledgedAt }) => acknowledgedAt)).toEqual([null, 3_000]);
});
