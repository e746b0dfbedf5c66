/** The alerts of one host in the time that is shown, also of long ago. */
import { computed, type ComputedRef } from 'vue';
import type { Alert } from '../../shared/schema/alerts.ts';
import { sameItems } from '../app/same-items.ts';
import type { TimeRange } from '../app/time-range.ts';
import { useShownSpan } from '../app/use-shown-span.ts';
import { useDashboard } from '../store/dashboard.ts';
import { usePastAlerts } from './use-past-alerts.ts';

/** By `firedAt`; the same list until one of them changes. Lives as long as the calling scope. */
export function useAxisAlerts(host: string, range: TimeRange): ComputedRef<readonly Alert[]> {
  const { clock, alerts } = useDashboard();
  const span = useShownSpan(range);
  const older = usePastAlerts({
    host,
    span: () => span.value,
    now: () => clock.now(),
    alerts: alerts.alerts,
  });
  return computed((before) => {
    // Of one that both tell, the stream has the newer word.
    const byId = new Map([...older.value, ...alerts.alerts.value].map((alert) => [alert.id, alert]));
    const own = [...byId.values()].filter((alert) => alert.host === host);
    return sameItems(
      before,
      own.sort((a, b) => a.firedAt - b.firedAt),
    );
  });
}
