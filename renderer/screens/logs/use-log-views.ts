/** The views of one pane: the lines it shows, and while it highlights, the lines the filter would have shown. */
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { everyLine } from '../../../shared/filter/tree.ts';
import type { LogQuery } from '../../store/log-query.ts';
import type { LogStore } from '../../store/log-store.ts';
import { LogView } from '../../store/log-view.ts';
import { RegexGuard } from '../../store/regex-guard.ts';
import type { LogQueryState } from './use-log-query.ts';

export interface LogViews {
  readonly view: LogView;
  /** Null while filtering, and while there is nothing to highlight. */
  readonly found: ShallowRef<LogView | null>;
  readonly guard: RegexGuard;
  /** Lines of `found`; null while filtering. */
  readonly matches: ComputedRef<number | null>;
  /** Lines of `view`, each repeat counted. */
  readonly shownLines: ComputedRef<number>;
  readonly heldLines: ComputedRef<number>;
  /** [none, trace, debug, ... fatal]. */
  readonly countsByLevel: ComputedRef<number[]>;
}

/** `rest`: all of the query but its filter and floor. */
export function useLogViews(
  store: LogStore,
  query: LogQueryState,
  rest: () => Omit<LogQuery, 'filter' | 'floor'>,
): LogViews {
  const guard = new RegexGuard();
  const isHighlighting = computed(() => query.mode.value === 'highlight');
  const wanted = computed<LogQuery>(() => ({
    ...rest(),
    filter: isHighlighting.value ? everyLine : query.filter.value,
    floor: query.floor.value,
  }));
  const view = new LogView({ store, guard, query: wanted.value });
  const found = shallowRef<LogView | null>(null);

  watch(wanted, (wants) => view.setQuery(wants));
  watch([wanted, query.filter, isHighlighting], find, { immediate: true });
  onScopeDispose(() => {
    view.dispose();
    found.value?.dispose();
    guard.dispose();
  });

  return {
    view,
    found,
    guard,
    matches: computed(() => {
      if (!isHighlighting.value) return null;
      void found.value?.revision.value;
      return found.value?.scan.value.shownLines ?? 0;
    }),
    shownLines: ofView(() => view.scan.value.shownLines),
    heldLines: ofView(() => store.rows.lines),
    countsByLevel: ofView(() => Array.from(view.scan.value.countsByLevel)),
  };

  function find(): void {
    const wants = { ...wanted.value, filter: query.filter.value, isCollapsing: false };
    if (!isHighlighting.value || query.isEmpty.value) {
      found.value?.dispose();
      found.value = null;
    } else if (found.value) {
      found.value.setQuery(wants);
    } else {
      found.value = new LogView({ store, guard, query: wants });
    }
  }

  function ofView<T>(read: () => T): ComputedRef<T> {
    return computed(() => {
      void view.revision.value;
      return read();
    });
  }
}
