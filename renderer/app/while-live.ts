/** Follows a value while the page is live, and keeps the last one while it is paused. */
import { shallowRef, watch, type ShallowRef } from 'vue';
import { useTimeRange } from './time-range.ts';

export function useWhileLive<T>(read: () => T): Readonly<ShallowRef<T>> {
  const { mode } = useTimeRange();
  const shown = shallowRef(read()) as ShallowRef<T>;
  watch([read, mode], ([value, now]) => {
    // A page opened paused has nothing from that moment: the first value that comes is the best it can show.
    const hasNothing = shown.value === null || (Array.isArray(shown.value) && shown.value.length === 0);
    if (now === 'live' || hasNothing) shown.value = value;
  });
  return shown;
}
