/** What a rule has done in the last 24 hours, as one line. */
import { ALERTS_KEPT_MS, type Alert, type AlertMeasure } from '../../../../shared/schema/alerts.ts';
import { hostsOf } from '../../../alerts/alert-groups.ts';
import { ruleMessages as words } from './rule-messages.ts';

/** Hosts named before the rest is counted. */
const MAX_NAMES = 3;

/** "Fired 3 times in 24 h; fires now on web-1". `now`: epoch milliseconds; `nameOf`: of a host, by its id. */
export function rulePast(
  measure: AlertMeasure,
  alerts: readonly Alert[],
  now: number,
  nameOf: (host: string) => string,
): string {
  const own = alerts.filter((alert) => alert.measure === measure);
  const count = own.filter(({ firedAt }) => firedAt >= now - ALERTS_KEPT_MS).length;
  const hosts = hostsOf(own.filter(({ endedAt }) => endedAt === null));
  if (hosts.length === 0) return count === 0 ? words.notFired : words.fired(count);
  const names = hosts.slice(0, MAX_NAMES).map(nameOf).join(', ');
  const list = hosts.length > MAX_NAMES ? `${names} +${hosts.length - MAX_NAMES}` : names;
  return count === 0 ? words.firesAlone(list) : `${words.fired(count)}; ${words.firesOn(list)}`;
}
