/** A moment that somebody holds on to while looking around: a line through all charts. Kept in the URL: `?pin=`, epoch milliseconds. */
import { computed, type ComputedRef } from 'vue';
import { useRoute, useRouter, type LocationQuery } from 'vue-router';
import type { TimeSpan } from './time-range.ts';

export interface Pin {
  /** Epoch milliseconds; null: none. */
  readonly time: ComputedRef<number | null>;
  /** The same moment again takes the pin away. `show`: a span that is shown from now on, paused; null: the one there is. */
  set(time: number, show?: TimeSpan | null): void;
  clear(): void;
}

export function usePin(): Pin {
  const route = useRoute();
  const router = useRouter();
  const time = computed(() => pinOf(route.query));
  return {
    time,
    set(moment, show = null) {
      const pin = Math.round(moment);
      const query = { ...rest(), ...(pin !== time.value && { pin: String(pin) }) };
      // Elsewhere in time is a step of its own: Back returns.
      if (show === null) void router.replace({ query });
      else void router.push({ query: { ...query, ...spanQuery(show) } });
    },
    clear() {
      if (time.value !== null) void router.replace({ query: rest() });
    },
  };

  function rest(): LocationQuery {
    const { pin: _, ...others } = route.query;
    return others;
  }
}

/** Null where the query names no moment, or none that makes sense. */
function pinOf({ pin }: LocationQuery): number | null {
  return typeof pin === 'string' && /^\d{1,15}$/.test(pin) ? Number(pin) : null;
}

export function spanQuery({ from, to }: TimeSpan): { from: string; to: string } {
  return { from: String(Math.round(from)), to: String(Math.round(to)) };
}
