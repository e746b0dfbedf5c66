/** Which sections of a list are folded, remembered by the browser. */
import { shallowRef } from 'vue';
import { readPreference, writePreference, type PreferenceName } from './preference.ts';

export interface Collapsed {
  has(key: string): boolean;
  toggle(key: string): void;
}

/** Most keys remembered: groups come and go. */
const MAX_KEYS = 200;

export function useCollapsed(name: Extract<PreferenceName, 'overview-folded' | 'rail-folded'>): Collapsed {
  const keys = shallowRef<ReadonlySet<string>>(new Set(readPreference(name)?.split('\n').filter(Boolean)));

  return {
    has: (key) => keys.value.has(key),
    toggle(key) {
      const next = new Set(keys.value);
      if (!next.delete(key)) next.add(key);
      keys.value = next;
      writePreference(name, [...next].slice(-MAX_KEYS).join('\n'));
    },
  };
}
