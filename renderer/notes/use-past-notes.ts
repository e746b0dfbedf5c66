/** Notes of a stretch of time that goes further back than what the stream tells: asked of the hub once it stands still. */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { paths } from '../../shared/protocol.ts';
import { MAX_NOTES, NOTES_KEPT_MS, pastNotes, type Note } from '../../shared/schema/notes.ts';
import { askHub } from '../app/ask-hub.ts';
import type { TimeSpan } from '../app/time-range.ts';

export interface PastNotesOptions {
  host: string;
  span: () => TimeSpan;
  now: () => number;
  /** Those of the stream. */
  notes: Readonly<ShallowRef<readonly Note[]>>;
}

const PATIENCE_MS = 150;
/** A live window moves on; what falls into it is told by the stream. */
const SLACK_MS = 60_000;

/** Lives as long as the calling scope. Empty where the stream has told them all, and where the hub does not answer. */
export function usePastNotes(options: PastNotesOptions): ShallowRef<readonly Note[]> {
  const past: ShallowRef<readonly Note[]> = shallowRef([]);
  let asking: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  // A note that comes or goes may be of that time.
  watch([() => rough(options.span()), options.notes], ([span]) => look(span), { immediate: true });
  onScopeDispose(forget);
  return past;

  function look(span: string): void {
    forget();
    const [from, to] = span.split(' ').map(Number) as [number, number];
    const isTold = from >= options.now() - NOTES_KEPT_MS && options.notes.value.length < MAX_NOTES;
    if (isTold) past.value = [];
    else timer = setTimeout(() => void ask({ from, to }), PATIENCE_MS);
  }

  async function ask({ from, to }: TimeSpan): Promise<void> {
    const own = (asking = new AbortController());
    const query = new URLSearchParams({ from: String(from), to: String(to), hosts: options.host });
    const answer = await askHub(`${paths.notes}?${query.toString()}`, pastNotes, { signal: own.signal });
    if (!own.signal.aborted && answer.isGood) past.value = answer.value.notes;
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
