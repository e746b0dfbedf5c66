/** How this browser likes its log lines; remembered from visit to visit. */
import { ref, watch, type Ref } from 'vue';
import { readPreference, writePreference } from '../../app/preference.ts';

export interface ViewChoices {
  /** Null: not chosen, so as the width asks for it. */
  isWrapping: Ref<boolean | null>;
  isCollapsing: Ref<boolean>;
  isUtc: Ref<boolean>;
  showsVolume: Ref<boolean>;
}

export function useViewChoices(): ViewChoices {
  return {
    isWrapping: remembered('log-wrap', null),
    isCollapsing: remembered('log-collapse', true),
    isUtc: remembered('log-utc', false),
    showsVolume: remembered('log-volume', true),
  };
}

function remembered<Fallback extends boolean | null>(
  name: 'log-wrap' | 'log-collapse' | 'log-utc' | 'log-volume',
  fallback: Fallback,
): Ref<boolean | Fallback> {
  const before = readPreference(name);
  const choice = ref(before === null ? fallback : before === 'on') as Ref<boolean | Fallback>;
  watch(choice, (isOn) => writePreference(name, isOn ? 'on' : 'off'));
  return choice;
}
