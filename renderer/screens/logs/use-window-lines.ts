/**
 * The lines of a chosen window that the tail does not reach back to: asked of the archive, so that they stand there without another
 * gesture. Where the hub keeps none, the tail shows what it has.
 */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { InTurn } from '../../app/in-turn.ts';
import type { TimeSpan } from '../../app/time-range.ts';
import { LogStore } from '../../store/log-store.ts';
import { MAX_SEARCH_LIMIT, type ArchivedLine } from '../../../shared/schema/log-search.ts';
import { askWindow } from './ask-window.ts';
import { tailReaches } from './tail-reach.ts';

export interface PastLines {
  /** Oldest first. */
  store: LogStore;
  /** There are more: these are the first of the window. */
  isCut: boolean;
}

export interface WindowLines {
  /** Null: the tail holds the window, or there is nothing else to show. */
  readonly past: ShallowRef<PastLines | null>;
  readonly isAsking: ShallowRef<boolean>;
}

export interface WindowLinesOptions {
  /** The tail. */
  logs: LogStore;
  hostId: string;
  /** In turn with the other questions of the screen. */
  ask: InTurn;
  /** Null: no window is chosen, and the tail is shown. */
  span: () => TimeSpan | null;
}

/** A window that is dragged on is asked about when it stands still. */
const PATIENCE_MS = 150;

/** Lives as long as the calling scope. */
export function useWindowLines({ logs, hostId, ask: askInTurn, span }: WindowLinesOptions): WindowLines {
  const past: WindowLines['past'] = shallowRef(null);
  const isAsking = shallowRef(false);
  let asking: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(() => reachedKey(), look, { immediate: true });
  onScopeDispose(forget);
  return { past, isAsking };

  /** Another text wherever there is something else to be asked. Older lines may yet come to the tail: `generation`. */
  function reachedKey(): string | null {
    const window = span();
    if (window === null) return null;
    void logs.generation.value;
    return tailReaches(logs, hostId, window.from) ? '' : `${window.from} ${window.to}`;
  }

  function look(key: string | null): void {
    forget();
    if (!key) {
      past.value = null;
      return;
    }
    const [from, to] = key.split(' ').map(Number) as [number, number];
    isAsking.value = true;
    timer = setTimeout(() => void ask({ from, to }), PATIENCE_MS);
  }

  async function ask(window: TimeSpan): Promise<void> {
    const own = (asking = new AbortController());
    const question = { host: hostId, span: window, order: 'oldest', limit: MAX_SEARCH_LIMIT } as const;
    const answer = await askInTurn(() => askWindow(question, own.signal), own.signal);
    if (answer === null || own.signal.aborted) return;
    isAsking.value = false;
    const hasLines = answer.isGood && answer.value.lines.length > 0;
    past.value = hasLines ? { store: storeOf(answer.value.lines), isCut: answer.value.isCut } : null;
  }

  function forget(): void {
    clearTimeout(timer);
    asking?.abort();
    isAsking.value = false;
  }
}

/** By time: lines that came late stand where they belong. */
function storeOf(found: readonly ArchivedLine[]): LogStore {
  const store = new LogStore();
  for (const each of [...found].sort((a, b) => a.line.time - b.line.time)) store.add(each);
  return store;
}
