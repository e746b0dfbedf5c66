/**
 * Which stretch of time the page shows, kept in the URL so that links and Back share it:
 * live: `?window=5m`, the newest five minutes; paused: `?from=...&to=...`, epoch milliseconds.
 */
import { computed, type ComputedRef } from 'vue';
import { useRoute, useRouter, type LocationQuery, type LocationQueryRaw } from 'vue-router';
import { useDashboard } from '../store/dashboard.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const windowPresets = [
  { key: '1m', ms: minute },
  { key: '5m', ms: 5 * minute },
  { key: '15m', ms: 15 * minute },
  { key: '1h', ms: hour },
  { key: '6h', ms: 6 * hour },
  { key: '24h', ms: day },
  { key: '7d', ms: 7 * day },
  { key: '30d', ms: 30 * day },
] as const;
export type WindowKey = (typeof windowPresets)[number]['key'];

export interface TimeSpan {
  from: number;
  to: number;
}

/** As long as anything is kept. Of a longer one its end is shown. */
export const MAX_SPAN_MS = 2 * 366 * day;
/** The last moment that a `Date` can be, in epoch milliseconds (ECMA-262, time values). */
const LAST_TIME = 8.64e15;

export interface TimeRange {
  readonly mode: ComputedRef<'live' | 'paused'>;
  /** Length of the live window; also of the window `pause` freezes. */
  readonly windowMs: ComputedRef<number>;
  readonly windowKey: ComputedRef<WindowKey>;
  /** The frozen span; null while live. */
  readonly paused: ComputedRef<TimeSpan | null>;
  /** Whether that span is one that `pause` froze, and nobody chose. */
  isFrozen(): boolean;
  /** Freezes the window as it stands now, by the hub's clock. */
  pause(): void;
  /** Back returns to the span that was shown, unless it was only frozen. */
  resumeLive(): void;
  /** Shows exactly this span; Back returns to the one before, or to where a journey that is continued began. */
  zoom(from: number, to: number, isContinued?: boolean): void;
  setWindow(key: WindowKey): void;
}

const rangeKeys = ['window', 'from', 'to'] as const;

export function useTimeRange(): TimeRange {
  const route = useRoute();
  const router = useRouter();
  const { clock } = useDashboard();

  const preset = computed(() => presetOf(route.query));
  const paused = computed(() => spanOf(route.query));

  return {
    mode: computed(() => (paused.value ? 'paused' : 'live')),
    windowMs: computed(() => preset.value.ms),
    windowKey: computed(() => preset.value.key),
    paused,
    isFrozen,
    pause() {
      if (paused.value) return;
      const to = clock.now();
      go('replace', withSpan(route.query, { from: to - preset.value.ms, to }), true);
    },
    resumeLive() {
      if (paused.value) leave(withSpan(route.query, null));
    },
    zoom(from, to, isContinued = false) {
      const span = { from: Math.round(Math.min(from, to)), to: Math.round(Math.max(from, to)) };
      if (span.to <= span.from) return;
      go(isContinued ? 'replace' : 'push', withSpan(route.query, span));
    },
    setWindow(key) {
      const query = withSpan(route.query, null);
      if (key === windowPresets[0].key) delete query['window'];
      else query['window'] = key;
      leave(query);
    },
  };

  function isFrozen(): boolean {
    return paused.value !== null && router.options.history.state['isFrozen'] === true;
  }

  /** A span that somebody chose stays an entry of its own. */
  function leave(query: LocationQueryRaw): void {
    const isChosen = paused.value !== null && !isFrozen();
    go(isChosen ? 'push' : 'replace', query);
  }

  /** `isFrozen`, in the browser's history: an entry that was live until it was frozen as it stood. */
  function go(how: 'push' | 'replace', query: LocationQueryRaw, isFrozen = false): void {
    void router[how]({ query, state: { isFrozen } });
  }
}

/** The stretch of time that a query shows at `now`, in epoch milliseconds. */
export function shownSpan(query: LocationQuery, now: number): TimeSpan {
  return spanOf(query) ?? { from: now - presetOf(query).ms, to: now };
}

function presetOf(query: LocationQuery): (typeof windowPresets)[number] {
  return windowPresets.find((each) => each.key === query['window']) ?? windowPresets[0];
}

/** The part of a query that says which time is shown; links to other screens carry it along. */
export function rangeQuery(query: LocationQuery): LocationQueryRaw {
  const range: LocationQueryRaw = {};
  for (const key of rangeKeys) if (query[key] !== undefined) range[key] = query[key];
  return range;
}

/** Null where the query names no span, or not one that makes sense. */
export function spanOf(query: LocationQuery): TimeSpan | null {
  const from = Number(query['from']);
  const to = Number(query['to']);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) return null;
  if (from <= 0 || to <= from || to > LAST_TIME) return null;
  return { from: Math.max(from, to - MAX_SPAN_MS), to };
}

function withSpan(query: LocationQuery, span: TimeSpan | null): LocationQueryRaw {
  const { from: _from, to: _to, ...rest } = query;
  return span ? { ...rest, from: String(span.from), to: String(span.to) } : rest;
}
