/** Alerts of a stretch of time that goes further back than what the stream tells. */
import { computed, type ShallowRef } from 'vue';
import { paths } from '../../shared/protocol.ts';
import { ALERTS_KEPT_MS, MAX_ALERTS, pastAlerts, type Alert } from '../../shared/schema/alerts.ts';
import { askHub } from '../app/ask-hub.ts';
import type { TimeSpan } from '../app/time-range.ts';
import { sameItems } from '../app/same-items.ts';
import { usePastItems } from '../app/use-past-items.ts';

export interface PastAlertsOptions {
  host: string;
  span: () => TimeSpan;
  now: () => number;
  /** Those of the stream, of all hosts. */
  alerts: Readonly<ShallowRef<readonly Alert[]>>;
}

/** Lives as long as the calling scope. Empty where the stream has told them all, and where the hub does not answer. */
export function usePastAlerts({ host, span, now, alerts }: PastAlertsOptions): ShallowRef<readonly Alert[]> {
  const ended = (): number => alerts.value.filter(({ endedAt }) => endedAt !== null).length;
  const told = computed<readonly Alert[]>((before) =>
    sameItems(
      before,
      alerts.value.filter((alert) => alert.host === host),
    ),
  );
  return usePastItems({
    host,
    span,
    told,
    isTold: (from) => from >= now() - ALERTS_KEPT_MS && ended() < MAX_ALERTS,
    ask: async (query, signal) => {
      const answer = await askHub(`${paths.alerts}?${query}`, pastAlerts, { signal });
      return answer.isGood ? { ...answer, value: answer.value.alerts } : answer;
    },
  });
}
