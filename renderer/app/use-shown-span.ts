/** The stretch of time that the page shows: as it was chosen, or the newest up to the hub's time, second by second. */
import { computed, type ComputedRef } from 'vue';
import { useNow } from './now.ts';
import type { TimeRange, TimeSpan } from './time-range.ts';

export function useShownSpan(range: Pick<TimeRange, 'paused' | 'windowMs'>): ComputedRef<TimeSpan> {
  const now = useNow();
  return computed(() => range.paused.value ?? { from: now.value - range.windowMs.value, to: now.value });
}
