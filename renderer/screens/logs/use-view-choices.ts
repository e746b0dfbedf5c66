/** How this browser likes its log lines; remembered from visit to visit. */
import { ref, watch, type Ref } from 'vue';
import { readPreference, writePreference } from '../../app/preference.ts';

export interface ViewChoices {
  isWrapping: Ref<boolean>;
  isCollapsing: Ref<boolean>;
  isUtc: Ref<boolean>;
  showsVolume: Ref<boolean>;
}

export function useViewChoices(): ViewChoices {
  return {
    isWrapping: remembered('log-wrap', false),
    isCollapsing: remembered('log-collapse', true),
    isUtc: remembered('log-utc', false),
    showsVolume: remembered('log-volume', true),
  };
}

function remembered(
  name: 'log-wrap' | 'log-collapse' | 'log-utc' | 'log-volume',
  fallback: boolean,
): Ref<boolean> {
  const before = readPreference(name);
  const choice = ref(before === null ? fallback : before === 'on');
  watch(choice, (isOn) => writePreference(name, isOn ? 'on' : 'off'));
  return choice;
}
