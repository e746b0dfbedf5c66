/**
 * What came while the stream was lost, as over a restart of the hub, is asked of its archive when the stream is back, so that the tail has
 * no hole. Quietly: who reads older lines keeps them where they are.
 */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { Break, LogStore } from '../../store/log-store.ts';
import { formatCursor, parseCursor } from '../../../shared/cursor.ts';
import { fillBreak, markBreak, placeOfBreak } from './fill-break.ts';
import { askLines, type MissingLines } from './missing-lines.ts';
import type { RowCursor } from './use-row-cursor.ts';

export interface BreaksOptions {
  /** The tail. */
  store: LogStore;
  /** Somebody works with a row while there is one: nothing moves then. */
  cursor: RowCursor;
  /** Number of the topmost row in sight; null: none is. */
  firstSeen: () => number | null;
  /** As of `LogList`. */
  anchorAs: (number: number, as: number) => void;
}

/** Lives as long as the calling scope. Answers the number of the mark whose lines are being asked for; null: of none. */
export function useBreaks({ store, cursor, firstSeen, anchorAs }: BreaksOptions): ShallowRef<number | null> {
  const filling = shallowRef<number | null>(null);
  const leaving = new AbortController();
  let isAsking = false;
  onScopeDispose(() => leaving.abort());
  watch([store.breaks, cursor.number], () => void begin(), { immediate: true });
  return filling;

  async function begin(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    for (let gone = next(); gone !== undefined; gone = next()) {
      filling.value = markIn(gone);
      const missing = await ask(gone, leaving.signal);
      filling.value = null;
      if (leaving.signal.aborted) return;
      // A row was taken up meanwhile: asked again when it is laid down.
      if (cursor.number.value !== null) break;
      store.breaks.value = store.breaks.value.filter((each) => each !== gone);
      put(gone, missing);
    }
    isAsking = false;
  }

  function next(): Break | undefined {
    return cursor.number.value === null ? store.breaks.value[0] : undefined;
  }

  function markIn(gone: Break): number | null {
    const first = placeOfBreak(store, gone);
    return first !== null && gone.rows[0]?.kind === 'gap' ? first : null;
  }

  function put(gone: Break, missing: MissingLines): void {
    if (!missing.isFound || missing.keptSince === null) return;
    const first = placeOfBreak(store, gone);
    const seen = firstSeen();
    const moved = missing.isCut ? markBreak(store, gone) : fillBreak(store, gone, missing.lines);
    if (moved !== null && first !== null && seen !== null && seen < first) anchorAs(seen, seen - moved);
  }
}

function ask({ after, cursor }: Break, signal: AbortSignal): Promise<MissingLines> {
  const { epoch, sequence } = parseCursor(cursor)!;
  const place = new URLSearchParams({ after, before: formatCursor(epoch, sequence + 1) });
  return askLines(place, '', signal);
}
