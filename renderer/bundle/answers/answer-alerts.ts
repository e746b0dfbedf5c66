/** `GET /api/v1/alerts`, answered from a bundle. */
import type { Bundle } from '../../../shared/bundle/bundle.ts';
import { MAX_ALERTS, type PastAlerts } from '../../../shared/schema/alerts.ts';
import { listIn, windowIn } from './query.ts';

export function answerAlerts({ head, events }: Bundle, query: URLSearchParams): PastAlerts {
  const { from, to } = windowIn(query, head);
  const wanted = listIn(query, 'hosts');
  const alerts = events
    .flatMap((event) => (event.name === 'alert' ? [event.data] : []))
    .filter(({ since, endedAt }) => since <= to && (endedAt ?? Infinity) >= from)
    .filter(({ host }) => wanted === null || wanted.includes(host))
    .sort((a, b) => a.firedAt - b.firedAt);
  return { from, to, alerts: alerts.slice(-MAX_ALERTS), isCut: alerts.length > MAX_ALERTS };
}
