/** What a timeline holds of a stretch of time that goes further back than what the stream tells: asked of the hub once it stands still. */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { HubAnswer } from './ask-hub.ts';
import type { TimeSpan } from './time-range.ts';

export interface PastItemsOptions<Item> {
  host: string;
  span: () => TimeSpan;
  /** Those of the stream. */
  told: Readonly<ShallowRef<readonly Item[]>>;
  /** The stream has told all since this time, in epoch milliseconds. */
  isTold: (from: number) => boolean;
  /** `query`: of which time and host. */
  ask: (query: string, signal: AbortSignal) => Promise<HubAnswer<readonly Item[]>>;
}

const PATIENCE_MS = 150;
/** A live window moves on; what falls into it is told by the stream. */
const SLACK_MS = 60_000;

/** Lives as long as the calling scope. Empty where the stream has told them all, and where the hub does not answer. */
export function usePastItems<Item>(options: PastItemsOptions<Item>): ShallowRef<readonly Item[]> {
  const past: ShallowRef<readonly Item[]> = shallowRef([]);
  let asking: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  // One that comes or goes may be of that time.
  watch([() => rough(options.span()), options.told], ([span]) => look(span), { immediate: true });
  onScopeDispose(forget);
  return past;

  function look(span: string): void {
    forget();
    const [from, to] = span.split(' ').map(Number) as [number, number];
    if (options.isTold(from)) past.value = [];
    else timer = setTimeout(() => void ask({ from, to }), PATIENCE_MS);
  }

  async function ask({ from, to }: TimeSpan): Promise<void> {
    const own = (asking = new AbortController());
    const query = new URLSearchParams({ from: String(from), to: String(to), hosts: options.host });
    const answer = await options.ask(query.toString(), own.signal);
    if (!own.signal.aborted && answer.isGood) past.value = answer.value;
  }

  function forget(): void {
    clearTimeout(timer);
    asking?.abort();
  }
}

/** The same text as long as another question would have the same answer. */
function rough({ from, to }: TimeSpan): string {
  return `${Math.floor(from / SLACK_MS) * SLACK_MS} ${Math.ceil(to / SLACK_MS) * SLACK_MS}`;
}
