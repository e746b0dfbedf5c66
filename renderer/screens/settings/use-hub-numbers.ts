/** The hub's own numbers, asked for every two seconds while the calling component is shown and the page is visible. */
import { shallowRef, type ShallowRef } from 'vue';
import { hubNumbers, type HubNumbers } from '../../../shared/hub-numbers.ts';
import { paths } from '../../../shared/protocol.ts';
import { askHub } from '../../app/ask-hub.ts';
import { usePolling } from '../../app/use-polling.ts';
import { hubRates, isSameStart, type HubRates } from './hub-rates.ts';

const EVERY_MS = 2_000;
/** Five minutes of rates. */
const MAX_RATES = 150;

export interface HubNumbersFeed {
  /** The newest answer; null before the first. */
  readonly numbers: ShallowRef<HubNumbers | null>;
  /** Oldest first. */
  readonly rates: ShallowRef<readonly HubRates[]>;
  /** True while the newest question has no good answer. */
  readonly isSilent: ShallowRef<boolean>;
  askNow(): void;
}

export function useHubNumbers(): HubNumbersFeed {
  const numbers: ShallowRef<HubNumbers | null> = shallowRef(null);
  const rates: ShallowRef<readonly HubRates[]> = shallowRef([]);
  const isSilent = shallowRef(false);

  const { askNow } = usePolling(async (signal) => {
    const answer = await askHub(paths.hub, hubNumbers, { signal });
    if (signal.aborted) return;
    isSilent.value = !answer.isGood;
    if (answer.isGood) take(answer.value);
  }, EVERY_MS);
  return { numbers, rates, isSilent, askNow };

  function take(answer: HubNumbers): void {
    const rate = numbers.value && hubRates(numbers.value, answer);
    const isRestarted = numbers.value !== null && !isSameStart(numbers.value, answer);
    if (isRestarted) rates.value = [];
    if (rate) rates.value = [...rates.value, rate].slice(-MAX_RATES);
    numbers.value = answer;
  }
}
