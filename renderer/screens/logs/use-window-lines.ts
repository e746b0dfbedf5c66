/**
 * The lines of a chosen window that the tail does not reach back to: asked of the archive, so that they stand there without another
 * gesture. Where the hub keeps none, the tail shows what it has.
 */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { askHubRecords } from '../../app/ask-hub-records.ts';
import type { TimeSpan } from '../../app/time-range.ts';
import { LogStore } from '../../store/log-store.ts';
import { paths } from '../../../shared/protocol.ts';
import { MAX_SEARCH_LIMIT, searchRecord, type ArchivedLine } from '../../../shared/schema/log-search.ts';

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
  /** Null: no window is chosen, and the tail is shown. */
  span: () => TimeSpan | null;
}

/** A window that is dragged on is asked about when it stands still. */
const PATIENCE_MS = 150;
/** Lines looked at to find out how far back the tail reaches: they stand about in the order of time. */
const FIRST_ROWS = 200;

/** Lives as long as the calling scope. */
export function useWindowLines({ logs, hostId, span }: WindowLinesOptions): WindowLines {
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
    return reaches(logs, hostId, window.from) ? '' : `${window.from} ${window.to}`;
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

  async function ask({ from, to }: TimeSpan): Promise<void> {
    const own = (asking = new AbortController());
    const found: ArchivedLine[] = [];
    let isCut = false;
    const question = new URLSearchParams({
      hosts: hostId,
      from: String(from),
      to: String(to + 1),
      order: 'oldest',
      limit: String(MAX_SEARCH_LIMIT),
    });
    const answer = await askHubRecords(`${paths.logSearch}?${question.toString()}`, {
      schema: searchRecord,
      signal: own.signal,
      onRecord: (record) => {
        if (record.kind === 'line') found.push({ id: record.id, line: record.line });
        else if (record.kind === 'end') isCut = record.lastId !== null;
      },
    });
    if (own.signal.aborted) return;
    isAsking.value = false;
    past.value = answer.isGood && found.length > 0 ? { store: storeOf(found), isCut } : null;
  }

  function forget(): void {
    clearTimeout(timer);
    asking?.abort();
    isAsking.value = false;
  }
}

/** The tail holds a line of the host that is no later. */
function reaches({ rows }: LogStore, hostId: string, time: number): boolean {
  const end = Math.min(rows.next, rows.first + FIRST_ROWS);
  for (let number = rows.first; number < end; number++) {
    const row = rows.at(number)!;
    if (row.kind === 'line' && row.line.host === hostId && row.line.time <= time) return true;
  }
  return false;
}

/** By time: lines that came late stand where they belong. */
function storeOf(found: readonly ArchivedLine[]): LogStore {
  const store = new LogStore();
  for (const each of [...found].sort((a, b) => a.line.time - b.line.time)) store.add(each);
  return store;
}
