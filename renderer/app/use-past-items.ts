/** What a timeline holds of a stretch of time that goes further back than what the stream tells: asked of the hub once it stands still. */
import { computed, onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { HubAnswer } from './ask-hub.ts';
import type { TimeSpan } from './time-range.ts';

export interface PastItemsOptions<Item> {
  host: string;
  span: () => TimeSpan;
  /** Those of the stream that are about the host: with each change of the list what was asked is asked again. */
  told: Readonly<Ref<readonly Item[]>>;
  /** The stream has told all since this time, in epoch milliseconds. */
  isTold: (from: number) => boolean;
  /** `query`: of which time and host. */
  ask: (query: string, signal: AbortSignal) => Promise<HubAnswer<readonly Item[]>>;
}

const PATIENCE_MS = 150;
/** Where one change follows another there is no rest to wait for: asked so long after the first of them. */
const LONGEST_PATIENCE_MS = 1_000;
/** A live window moves on; what falls into it is told by the stream. */
const SLACK_MS = 60_000;

/** Lives as long as the calling scope. Empty where the stream has told them all, and where the hub does not answer. */
export function usePastItems<Item>(options: PastItemsOptions<Item>): ShallowRef<readonly Item[]> {
  const past: ShallowRef<readonly Item[]> = shallowRef([]);
  const span = computed(() => rough(options.span()));
  const isTold = computed(() => options.isTold(spanOf(span.value).from));
  let asking: AbortController | null = null;
  /** Something changed since the question that is under way was asked. */
  let isOutdated = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** By the page's monotonic clock; null: nothing waits to be asked. */
  let askBy: number | null = null;

  // What was asked of another window is of no use.
  watch(span, () => (forget(), look()), { immediate: true });
  // One that comes or goes may be of that time.
  watch([options.told, isTold], look);
  onScopeDispose(forget);
  return past;

  function look(): void {
    // Asked anew, not read from the computed: that follows the lists, and time goes on besides.
    if (options.isTold(spanOf(span.value).from)) {
      forget();
      past.value = [];
      return;
    }
    const now = performance.now();
    askBy ??= now + LONGEST_PATIENCE_MS;
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), Math.min(PATIENCE_MS, askBy - now));
  }

  async function ask(): Promise<void> {
    askBy = null;
    // It is let finish: a hub that is slower than the changes would never come to answer.
    isOutdated = asking !== null;
    if (isOutdated) return;
    const own = (asking = new AbortController());
    const { from, to } = spanOf(span.value);
    const query = new URLSearchParams({ from: String(from), to: String(to), hosts: options.host });
    const answer = await options.ask(query.toString(), own.signal);
    if (own.signal.aborted) return;
    asking = null;
    if (answer.isGood) past.value = answer.value;
    if (isOutdated) void ask();
  }

  function forget(): void {
    clearTimeout(timer);
    askBy = null;
    asking?.abort();
    asking = null;
  }
}

function spanOf(text: string): TimeSpan {
  const [from, to] = text.split(' ').map(Number) as [number, number];
  return { from, to };
}

/** The same text as long as another question would have the same answer. */
function rough({ from, to }: TimeSpan): string {
  return `${Math.floor(from / SLACK_MS) * SLACK_MS} ${Math.ceil(to / SLACK_MS) * SLACK_MS}`;
}
