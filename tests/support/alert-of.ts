/** A made-up alert that fits the wire contract. */
import type { Alert } from '../../shared/schema/alerts.ts';
import { startTime } from './observations.ts';

/** A full disk that fires, unless it is changed. */
export function alertOf(host = 'web-1', changes: Partial<Alert> = {}): Alert {
  return {
    id: 'alert0001',
    host,
    measure: 'disk',
    subject: '/var/log',
    level: 'warn',
    since: startTime,
    firedAt: startTime + 60_000,
    endedAt: null,
    ending: null,
    above: 90,
    peak: 93.5,
    acknowledgedAt: null,
    ...changes,
  };
}
