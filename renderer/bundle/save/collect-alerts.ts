/**
 * What fired on the hosts of a bundle within its window: whether it had ended and somebody had seen it, as it stood when the window ended.
 * Its peak is the greatest that was told up to now, which may be of later: what it was by then nobody kept.
 */
import { paths } from '../../../shared/protocol.ts';
import { pastAlerts, type Alert } from '../../../shared/schema/alerts.ts';
import { askHub } from '../../app/ask-hub.ts';
import { bundleMessages } from '../bundle-messages.ts';
import type { Collecting } from './collect-bundle.ts';

export async function collectAlerts(collecting: Collecting): Promise<void> {
  const { wish, writer, redactEvent, breathe } = collecting;
  for (const alert of await askAlerts(collecting)) {
    const then = asOf(alert, wish);
    if (then === null || !wish.hosts.includes(alert.host)) continue;
    const told = redactEvent({ name: 'alert', data: then }).data as Alert;
    writer.add({ kind: 'event', name: 'alert', data: told });
  }
  await breathe();
}

/** An end or an acknowledgement that came later is not of the bundle; null: nothing of the alert is within the window. */
export function asOf(alert: Alert, { from, to }: { from: number; to: number }): Alert | null {
  const { firedAt, endedAt, acknowledgedAt } = alert;
  if (firedAt >= to || (endedAt ?? Infinity) < from) return null;
  const isOver = endedAt !== null && endedAt < to;
  return {
    ...alert,
    ...(!isOver && { endedAt: null, ending: null }),
    acknowledgedAt: acknowledgedAt !== null && acknowledgedAt < to ? acknowledgedAt : null,
  };
}

/** Those that this page knows where the hub does not tell. */
async function askAlerts({ wish, dashboard, writer, signal }: Collecting): Promise<readonly Alert[]> {
  const question = new URLSearchParams({
    from: String(wish.from),
    to: String(wish.to),
    hosts: wish.hosts.join(','),
  });
  const answer = await askHub(`${paths.alerts}?${question.toString()}`, pastAlerts, { signal });
  if (!answer.isGood) {
    writer.leaveOut({ what: 'notes', host: null, why: answer.sentence });
    return dashboard.alerts.alerts.value;
  }
  const { alerts, isCut } = answer.value;
  if (isCut)
    writer.leaveOut({ what: 'notes', host: null, why: bundleMessages.omissions.moreAlerts(alerts.length) });
  return alerts;
}
