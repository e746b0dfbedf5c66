/**
 * What the tail is asked for, kept in the URL so that links, Back and reloads share it: `?q=` the filter,
 * `?level=` the lowest level, `?mode=highlight`. The time comes from the page's time range.
 */
import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue';
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router';
import { FilterSyntaxError } from '../../../shared/filter/filter-syntax-error.ts';
import { parseFilter } from '../../../shared/filter/parse.ts';
import { withTerm } from '../../../shared/filter/term.ts';
import { everyLine, type FilterNode } from '../../../shared/filter/tree.ts';
import { logLevels, type LogLevel } from '../../../shared/log-level.ts';

export type FilterMode = 'filter' | 'highlight';

export interface LogQueryState {
  /** As typed; the URL follows a moment later. */
  readonly text: Ref<string>;
  readonly floor: ComputedRef<LogLevel | null>;
  readonly mode: ComputedRef<FilterMode>;
  /** The newest text that was right. */
  readonly filter: ComputedRef<FilterNode>;
  readonly fault: ComputedRef<FilterSyntaxError | null>;
  readonly isEmpty: ComputedRef<boolean>;
  setFloor(floor: LogLevel | null): void;
  setMode(mode: FilterMode): void;
  addTerm(term: string): void;
  clear(): void;
  /** Every line, with those that the filter would have found marked. Back returns. */
  dropFilter(): void;
}

/** Long enough that a word is typed in one go, short enough to feel immediate. */
const urlDelayMs = 300;

export function useLogQuery(): LogQueryState {
  const route = useRoute();
  const router = useRouter();
  const text = ref(textOf(route.query['q']));
  const parsed = computed(() => parse(text.value));
  const rightFilter = ref<FilterNode>(parsed.value.filter ?? everyLine) as Ref<FilterNode>;
  let timer = 0;

  onScopeDispose(() => clearTimeout(timer));
  watch(parsed, ({ filter }) => {
    if (filter !== null) rightFilter.value = filter;
  });
  watch(text, (typed) => {
    clearTimeout(timer);
    if (typed !== textOf(route.query['q'])) timer = window.setTimeout(() => change({ q: typed }), urlDelayMs);
  });
  // Back, forward and links.
  watch(
    () => textOf(route.query['q']),
    (q) => {
      clearTimeout(timer);
      text.value = q;
    },
  );

  return {
    text,
    floor: computed(() => logLevels.find((level) => level === route.query['level']) ?? null),
    mode: computed(() => (route.query['mode'] === 'highlight' ? 'highlight' : 'filter')),
    filter: computed(() => parsed.value.filter ?? rightFilter.value),
    fault: computed(() => parsed.value.fault),
    isEmpty: computed(() => text.value.trim() === ''),
    setFloor: (floor) => change({ level: floor }),
    setMode: (mode) => change({ mode: mode === 'highlight' ? mode : null }),
    addTerm(term) {
      text.value = withTerm(text.value, term);
    },
    clear() {
      text.value = '';
      change({ q: null, level: null, mode: null });
    },
    dropFilter() {
      clearTimeout(timer);
      const rest = rangeless(route.query);
      void router.push({ query: without({ ...rest, q: text.value, mode: 'highlight', level: null }) });
    },
  };

  function change(part: Record<string, string | null>): void {
    const query = { ...route.query, q: text.value, ...part };
    void router.replace({ query: without(query), hash: route.hash });
  }
}

function parse(
  text: string,
): { filter: FilterNode; fault: null } | { filter: null; fault: FilterSyntaxError } {
  try {
    return { filter: parseFilter(text), fault: null };
  } catch (error) {
    if (error instanceof FilterSyntaxError) return { filter: null, fault: error };
    throw error;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function rangeless({ from: _from, to: _to, ...rest }: LocationQueryRaw): LocationQueryRaw {
  return rest;
}

/** Empty parts are left out of the address. */
function without(query: LocationQueryRaw): LocationQueryRaw {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null && value !== ''));
}
