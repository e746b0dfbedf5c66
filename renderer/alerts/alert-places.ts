/** Where the page of a host shows an alert: a row per measure. */
import type { Alert, AlertMeasure } from '../../shared/schema/alerts.ts';

/**
 * `own`: on the chart that shows the measure, where it is seen how far over it was. `every`: on all charts, because all of them are empty
 * for it. `mount`: at the bar of the filesystem; a chart would be of another thing.
 */
type AlertPlace = 'own' | 'every' | 'mount';

const alertPlaces: Record<AlertMeasure, AlertPlace> = {
  cpu: 'own',
  memory: 'own',
  disk: 'mount',
  offline: 'every',
};

/** Those that a chart over time shows. `measure`: the one it is of; null: none that rules watch. */
export function alertsOnChart(alerts: readonly Alert[], measure: AlertMeasure | null): readonly Alert[] {
  return alerts.filter((alert) => {
    const place = alertPlaces[alert.measure];
    return place === 'every' || (place === 'own' && alert.measure === measure);
  });
}

/** Of each mount the worst alert that fired at a time, epoch milliseconds. */
export function alertsOfMounts(alerts: readonly Alert[], time: number): ReadonlyMap<string, Alert> {
  const byMount = new Map<string, Alert>();
  for (const alert of alerts) {
    const { measure, subject, level } = alert;
    if (alertPlaces[measure] !== 'mount' || subject === null || !firesAt(alert, time)) continue;
    if (level === 'crit' || byMount.get(subject)?.level !== 'crit') byMount.set(subject, alert);
  }
  return byMount;
}

type Firing = Pick<Alert, 'firedAt' | 'endedAt'>;

export function firesAt({ firedAt, endedAt }: Firing, time: number): boolean {
  return firedAt <= time && (endedAt ?? Infinity) > time;
}

/** For some of the time, both ends included. */
export function firesWithin(
  { firedAt, endedAt }: Firing,
  { from, to }: { from: number; to: number },
): boolean {
  return firedAt <= to && (endedAt ?? Infinity) >= from;
}
