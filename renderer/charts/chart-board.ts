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
import type { Note } from '../../shared/schema/notes.ts';
import type { Pointer } from '../../shared/schema/shares.ts';
import type { SampleWindow } from './buckets.ts';
import { RedrawLoop } from './redraw-loop.ts';

export interface TimeSpan {
  /** Epoch milliseconds, by the hub's clock. */
  from: number;
  to: number;
}

export interface LateStretch extends TimeSpan {
  newest: TimeSpan & { number: number };
}

export interface ChartBoardOptions {
  /** Changes whenever `window` would answer differently. */
  revision: Ref<number>;
  /** Columns of the keys over a span, both ends included; NaN is unknown. */
  window: (keys: readonly string[], from: number, to: number) => SampleWindow;
  /** Time between two samples. */
  intervalMs: Ref<number>;
  /** Why there are no samples in this span, in a word or two; null where nobody said. */
  gapReason: (span: TimeSpan) => string | null;
  /** The hub's time of day, epoch milliseconds. */
  now: () => number;
  /** The frozen span; null while live. */
  paused: Ref<TimeSpan | null>;
  /** Length of the live window. */
  windowMs: Ref<number>;
  /** Shows exactly this span, frozen. */
  zoom: (from: number, to: number) => void;
  resumeLive: () => void;
  /** Flags on the axis of every chart, by time. Default: none. */
  notes?: Readonly<Ref<readonly Note[]>>;
  /** Stretches whose samples came late, by time; each says which part came last. Default: none. */
  lateSpans?: Readonly<Ref<readonly LateStretch[]>>;
  /** Asks the reader for a note at this time. Default: charts offer none. */
  addNote?: (time: number) => void;
  /** Moments people point at, by time. Default: none. */
  pointers?: Readonly<Ref<readonly Pointer[]>>;
  /** Shows everybody this moment; `series`: the key of the chart that is meant. Default: charts offer no pointing. */
  pointAt?: (time: number, series: string | null) => void;
}

/** Samples of one chart that are not the board's. */
export interface ChartSource extends Pick<ChartBoardOptions, 'window'> {
  /** Time between two samples. */
  readonly intervalMs: number;
}

export interface ChartBoard extends ChartBoardOptions {
  readonly loop: RedrawLoop;
  /** Time under the pointer of any chart; null while there is none. */
  readonly hover: ShallowRef<number | null>;
  readonly isLive: ComputedRef<boolean>;
  /** What is shown now: frozen, or the newest `windowMs` up to the hub's time. */
  span(): TimeSpan;
  /** Moves the span by this many milliseconds, never past the hub's time. */
  pan(byMs: number): void;
  /** `factor` < 1 shows less time; `around` stays where it is on the screen. */
  scale(factor: number, around: number): void;
}

/** Shortest and longest span a zoom ends at. */
const MIN_SPAN_MS = 5_000;
const MAX_SPAN_MS = 31 * 24 * 3_600_000;
/** Without samples a live window still moves on: looked at this often, once samples are clearly late. */
const IDLE_REDRAW_MS = 1_000;
const LATE_INTERVALS = 2;

/** Lives as long as the calling scope. */
export function createChartBoard(options: ChartBoardOptions): ChartBoard {
  const loop = new RedrawLoop();
  const isLive = computed(() => options.paused.value === null);

  watch(options.revision, () => loop.request(), { flush: 'sync' });
  watch([options.paused, options.windowMs], () => loop.requestNow());
  const timer = setInterval(() => {
    if (isLive.value && loop.quietMs() >= LATE_INTERVALS * options.intervalMs.value) loop.request();
  }, IDLE_REDRAW_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    loop.dispose();
  });

  function span(): TimeSpan {
    const paused = options.paused.value;
    if (paused !== null) return paused;
    const to = options.now();
    return { from: to - options.windowMs.value, to };
  }

  function show(from: number, to: number): void {
    const length = Math.min(MAX_SPAN_MS, Math.max(MIN_SPAN_MS, to - from));
    const middle = (from + to) / 2;
    const end = Math.min(options.now(), middle + length / 2);
    options.zoom(end - length, end);
  }

  return {
    ...options,
    loop,
    hover: shallowRef(null),
    isLive,
    span,
    zoom: show,
    pan(byMs) {
      const { from, to } = span();
      const allowed = Math.min(byMs, options.now() - to);
      if (allowed !== 0) options.zoom(from + allowed, to + allowed);
    },
    scale(factor, around) {
      const { from, to } = span();
      const before = (around - from) * factor;
      const after = (to - around) * factor;
      show(around - before, around + after);
    },
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
