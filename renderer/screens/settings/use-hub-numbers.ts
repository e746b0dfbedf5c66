/** The hub's own numbers, asked for every two seconds while the calling component is shown and the page is visible. */
import { onBeforeUnmount, onMounted, shallowRef, type ShallowRef } from 'vue';
import { hubNumbers, type HubNumbers } from '../../../shared/hub-numbers.ts';
import { paths } from '../../../shared/protocol.ts';
import { hubRates, isSameStart, type HubRates } from './hub-rates.ts';

const EVERY_MS = 2_000;
const TIMEOUT_MS = 5_000;
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
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | null = null;

  onMounted(() => {
    document.addEventListener('visibilitychange', askNow);
    askNow();
  });
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', askNow);
    stop();
  });
  return { numbers, rates, isSilent, askNow };

  function askNow(): void {
    stop();
    if (!document.hidden) void ask();
  }

  function stop(): void {
    clearTimeout(timer);
    asking?.abort();
    asking = null;
  }

  async function ask(): Promise<void> {
    const own = new AbortController();
    asking = own;
    const answer = await fetchNumbers(AbortSignal.any([own.signal, AbortSignal.timeout(TIMEOUT_MS)]));
    if (asking !== own) return;
    isSilent.value = answer === null;
    if (answer) take(answer);
    timer = setTimeout(() => void ask(), EVERY_MS);
  }

  function take(answer: HubNumbers): void {
    const rate = numbers.value && hubRates(numbers.value, answer);
    const isRestarted = numbers.value !== null && !isSameStart(numbers.value, answer);
    if (isRestarted) rates.value = [];
    if (rate) rates.value = [...rates.value, rate].slice(-MAX_RATES);
    numbers.value = answer;
  }
}

async function fetchNumbers(signal: AbortSignal): Promise<HubNumbers | null> {
  try {
    const response = await fetch(paths.hub, { signal, cache: 'no-store', credentials: 'same-origin' });
    const parsed = hubNumbers.safeParse(await response.json());
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
