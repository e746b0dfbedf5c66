/**
 * What all charts of one screen share: where samples come from, the stretch of time shown, the time under
 * the pointer, and the redraws. A screen makes one board and provides it; charts inject it.
 */
import {
  computed,
  inject,
  onScopeDispose,
  provide,
  shallowRef,
  watch,
  type ComputedRef,
  type InjectionKey,
  type Ref,
  type ShallowRef,
} from 'vue';
import type { Alert } from '../../shared/schema/alerts.ts';
import type { Note } from '../../shared/schema/notes.ts';
import type { Pointer } from '../../shared/schema/shares.ts';
import type { SampleWindow } from './buckets.ts';
import { RedrawLoop } from './redraw-loop.ts';

export interface TimeSpan {
  /** Epoch milliseconds, by the hub's clock. */
  from: number;
  to: number;
}

/** What a chart reads of a span. */
export interface BoardWindow extends SampleWindow {
  /** The longest time that one row stands for. Default: rows are samples. */
  stepMs?: number;
  /** Stretches of which nothing is known yet, ascending: they are being asked for. Default: none. */
  holes?: readonly TimeSpan[];
}

/** Why there are no samples. */
export interface KnownGap extends TimeSpan {
  /** In a word or two; null: nothing need be said. */
  reason: string | null;
  /** Nothing was to be expected: before the first sample, or after the newest. */
  isExpected: boolean;
}

export interface LateStretch extends TimeSpan {
  newest: TimeSpan & { number: number };
}

export interface ChartBoardOptions {
  /** Name of the host that the charts are of, for copies of them. Default: of none. */
  subject?: Readonly<Ref<string>>;
  /** Changes whenever `window` would answer differently. */
  revision: Ref<number>;
  /** The same, of what somebody waits for: drawn at once. Default: nothing is. */
  awaited?: Ref<number>;
  /**
   * Columns of the keys over a span, both ends included, and a little before it so that a line comes in; NaN is unknown. About as many rows
   * as `points`, or the samples themselves where they are at hand.
   */
  window: (keys: readonly string[], span: TimeSpan, points: number) => BoardWindow;
  /** Time between two samples. */
  intervalMs: Ref<number>;
  /** Why there are no samples in this span; null where nobody said. */
  gapIn: (span: TimeSpan) => KnownGap | null;
  /** Why a hole is one, in a word or two; null: not yet worth a word. Default: never. */
  holeReason?: () => string | null;
  /** The hub's time of day, epoch milliseconds. */
  now: () => number;
  /** The frozen span; null while live. */
  paused: Ref<TimeSpan | null>;
  /** Length of the live window. */
  windowMs: Ref<number>;
  /** Shows exactly this span, frozen. `isContinued`: another step of the same journey, so Back need not stop between. */
  zoom: (from: number, to: number, isContinued: boolean) => void;
  resumeLive: () => void;
  /** Flags on the axis of every chart, by time. Default: none. */
  notes?: Readonly<Ref<readonly Note[]>>;
  /** Of the host, by `firedAt`: each chart shows those that are about it. Default: none. */
  alerts?: Readonly<Ref<readonly Alert[]>>;
  /** Stretches whose samples came late, by time; each says which part came last. Default: none. */
  lateSpans?: Readonly<Ref<readonly LateStretch[]>>;
  /** Asks the reader for a note at this time. Default: charts offer none. */
  addNote?: (time: number) => void;
  /** Moments people point at, by time. Default: none. */
  pointers?: Readonly<Ref<readonly Pointer[]>>;
  /** The moment that is held on to; null: none. Default: charts offer no pins. */
  pin?: Readonly<Ref<number | null>>;
  /** Holds on to a moment; the one that is held already: lets go of it. */
  pinAt?: (time: number) => void;
  /** Shows everybody this moment; `series`: the key of the chart that is meant. Default: charts offer no pointing. */
  pointAt?: (time: number, series: string | null) => void;
}

/** Samples of one chart that are not the board's. */
export interface ChartSource extends Pick<ChartBoardOptions, 'window' | 'gapIn'> {
  /** Time between two samples. */
  readonly intervalMs: number;
}

export interface ChartBoard extends Omit<ChartBoardOptions, 'zoom'> {
  readonly loop: RedrawLoop;
  /** Time under the pointer of any chart; null while there is none. */
  readonly hover: ShallowRef<number | null>;
  readonly isLive: ComputedRef<boolean>;
  /** Where a gesture has come to, that has not ended yet; null: none is under way. */
  readonly moving: ShallowRef<TimeSpan | null>;
  /** What is shown now: as a gesture has it, frozen, or the newest `windowMs` up to the hub's time. */
  span(): TimeSpan;
  /** Shows a span, frozen. */
  zoom(from: number, to: number): void;
  /** Moves the span by this many milliseconds, never past the hub's time. */
  pan(byMs: number): void;
  /** `factor` < 1 shows less time; `around` stays where it is on the screen. */
  scale(factor: number, around: number): void;
  /**
   * As `pan`, seen at once by the charts alone: the page and its address follow with `settle`, or after a moment's rest. `isContinued`: the
   * pointer was not lifted since the last time, however long ago that is.
   */
  drag(byMs: number, isContinued: boolean): void;
  /** As `scale`, in the same way. */
  dragScale(factor: number, around: number): void;
  /** The gesture has ended. */
  settle(): void;
}

/** Shortest and longest span a zoom ends at. */
const MIN_SPAN_MS = 5_000;
const MAX_SPAN_MS = 2 * 366 * 24 * 3_600_000;
/** A gesture that rests for so long has ended: turning a wheel says no end. */
const SETTLE_MS = 250;
/** Moves that follow each other sooner than this are one journey. */
const JOURNEY_MS = 1_500;
/** Without samples a live window still moves on: looked at this often, once samples are clearly late. */
const IDLE_REDRAW_MS = 1_000;
const LATE_INTERVALS = 2;

/** Lives as long as the calling scope. */
export function createChartBoard(options: ChartBoardOptions): ChartBoard {
  const loop = new RedrawLoop();
  const moving: ShallowRef<TimeSpan | null> = shallowRef(null);
  const isLive = computed(() => options.paused.value === null && moving.value === null);
  let resting: ReturnType<typeof setTimeout> | null = null;
  let movedAt = Number.NEGATIVE_INFINITY;
  /** Of the drag under way: whether the page has followed so far. */
  let dragged: 'none' | 'begun' | 'followed' = 'none';

  watch(options.revision, () => loop.request(), { flush: 'sync' });
  if (options.awaited) watch(options.awaited, () => loop.requestNow(), { flush: 'sync' });
  watch([options.paused, options.windowMs], () => loop.requestNow());
  if (options.alerts) watch(options.alerts, () => loop.requestNow());
  // The page has followed, or went elsewhere: what it shows counts.
  watch(options.paused, () => resting === null && (moving.value = null), { flush: 'sync' });
  const timer = setInterval(() => {
    if (isLive.value && loop.quietMs() >= LATE_INTERVALS * options.intervalMs.value) loop.request();
  }, IDLE_REDRAW_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    if (resting !== null) clearTimeout(resting);
    loop.dispose();
  });

  function span(): TimeSpan {
    if (moving.value !== null) return moving.value;
    const paused = options.paused.value;
    if (paused !== null) return paused;
    const to = options.now();
    return { from: to - options.windowMs.value, to };
  }

  /** A span that may be shown: neither too short nor too long, and not past the hub's time. */
  function allowed(from: number, to: number): TimeSpan {
    const length = Math.min(MAX_SPAN_MS, Math.max(MIN_SPAN_MS, to - from));
    const end = Math.min(options.now(), (from + to) / 2 + length / 2);
    return { from: end - length, to: end };
  }

  function panned(byMs: number): TimeSpan {
    const { from, to } = span();
    const by = Math.min(byMs, options.now() - to);
    return { from: from + by, to: to + by };
  }

  function scaled(factor: number, around: number): TimeSpan {
    const { from, to } = span();
    return allowed(around - (around - from) * factor, around + (to - around) * factor);
  }

  /** Steps of one journey are one entry in the browser's history. */
  function travel({ from, to }: TimeSpan): void {
    const now = performance.now();
    const isContinued = dragged === 'followed' || now - movedAt < JOURNEY_MS;
    if (dragged === 'begun') dragged = 'followed';
    movedAt = now;
    options.zoom(from, to, isContinued);
  }

  function step(to: TimeSpan): void {
    dragged = 'none';
    travel(to);
  }

  function move(to: TimeSpan): void {
    moving.value = to;
    loop.requestNow();
    if (resting !== null) clearTimeout(resting);
    resting = setTimeout(settle, SETTLE_MS);
  }

  function settle(): void {
    if (resting !== null) clearTimeout(resting);
    resting = null;
    if (moving.value === null) return;
    const { from, to } = moving.value;
    const paused = options.paused.value;
    // The page may be there already: then nothing would follow.
    if (paused !== null && Math.round(from) === paused.from && Math.round(to) === paused.to)
      moving.value = null;
    else travel({ from, to });
  }

  return {
    ...options,
    loop,
    hover: shallowRef(null),
    isLive,
    moving,
    span,
    zoom(from, to) {
      const chosen = allowed(from, to);
      options.zoom(chosen.from, chosen.to, false);
    },
    pan: (byMs) => step(panned(byMs)),
    scale: (factor, around) => step(scaled(factor, around)),
    drag(byMs, isContinued) {
      if (!isContinued || dragged === 'none') dragged = 'begun';
      move(panned(byMs));
    },
    dragScale(factor, around) {
      dragged = 'none';
      move(scaled(factor, around));
    },
    settle,
  };
}

const chartBoardKey: InjectionKey<ChartBoard> = Symbol('chart board');

export function provideChartBoard(board: ChartBoard): void {
  provide(chartBoardKey, board);
}

export function useChartBoard(): ChartBoard {
  const board = inject(chartBoardKey);
  if (board === undefined) throw new Error('a chart was placed outside a chart board');
  return board;
}
