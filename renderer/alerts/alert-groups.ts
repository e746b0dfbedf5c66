/** Alerts in the order in which they want to be looked at, those of many hosts as one. */
import type { Alert, AlertLevel } from '../../shared/schema/alerts.ts';

/** One alert, or a burst of one rule on several hosts. */
export interface AlertGroup {
  /** The same while more hosts join. */
  key: string;
  /** Newest first. */
  alerts: readonly [Alert, ...Alert[]];
}

/** The same on more hosts than this is one thing that happened to them together. */
const MOST_SINGLE_HOSTS = 3;

const levelOrder: Record<AlertLevel, number> = { crit: 0, warn: 1 };

/** Acknowledged ones last, critical before warning, the newest first. A burst stands where its newest does. */
export function alertGroups(firing: readonly Alert[]): AlertGroup[] {
  const bursts = new Map<string, [Alert, ...Alert[]]>();
  for (const alert of [...firing].sort(byUrgency)) {
    const key = burstOf(alert);
    const burst = bursts.get(key);
    if (burst) burst.push(alert);
    else bursts.set(key, [alert]);
  }
  return [...bursts]
    .flatMap(([key, alerts]): AlertGroup[] =>
      hostsOf(alerts).length > MOST_SINGLE_HOSTS
        ? [{ key, alerts }]
        : alerts.map((alert) => ({ key: alert.id, alerts: [alert] })),
    )
    .sort((a, b) => byUrgency(a.alerts[0], b.alerts[0]));
}

/** Each once, in the order of the alerts. */
export function hostsOf(alerts: readonly Alert[]): string[] {
  return [...new Set(alerts.map(({ host }) => host))];
}

function burstOf({ measure, level, acknowledgedAt }: Alert): string {
  return `${measure} ${level}${acknowledgedAt === null ? '' : ' acknowledged'}`;
}

function byUrgency(a: Alert, b: Alert): number {
  return (
    Number(a.acknowledgedAt !== null) - Number(b.acknowledgedAt !== null) ||
    levelOrder[a.level] - levelOrder[b.level] ||
    b.firedAt - a.firedAt
  );
}
