/** Joins one host's store to the charts of its screen. */
import { computed, type Ref } from 'vue';
import type { Connection } from '../../stream/connection.ts';
import type { TimeRange } from '../../app/time-range.ts';
import type { Pin } from '../../app/pin.ts';
import { hostWindow, USUAL_POINTS, WIDE_POINTS } from '../../app/host-window.ts';
import type { PastSeries } from '../../app/past-series.ts';
import { createChartBoard, type ChartBoard } from '../../charts/chart-board.ts';
import { chartMessages as words } from '../../charts/chart-messages.ts';
import type { HostState, LateSpan } from '../../store/host-state.ts';
import type { HubClock } from '../../store/hub-clock.ts';
import type { Alert } from '../../../shared/schema/alerts.ts';
import type { Note } from '../../../shared/schema/notes.ts';
import type { Pointer } from '../../../shared/schema/shares.ts';
import { hostGapIn } from './host-gaps.ts';

export interface HostBoardOptions {
  state: HostState;
  past: PastSeries;
  range: TimeRange;
  clock: HubClock;
  /** What the page's stream does now. */
  connection: () => Connection;
  /** Of all hosts, by time. */
  notes: Readonly<Ref<readonly Note[]>>;
  /** Of this host, by `firedAt`. */
  alerts: Readonly<Ref<readonly Alert[]>>;
  pin: Pin;
  /** Undefined: this reader may add none. */
  addNote: ((time: number) => void) | undefined;
  /** Of all hosts, by time. */
  pointers: Readonly<Ref<readonly Pointer[]>>;
  /** Undefined: this reader may not point. */
  pointAt: ((time: number, series: string | null) => void) | undefined;
}

const WIDE_PIXELS = 900;

/** Lives as long as the calling scope. */
export function createHostBoard(options: HostBoardOptions): ChartBoard {
  const { state, past, range, clock, connection, notes, alerts, addNote, pin, pointers, pointAt } = options;
  return createChartBoard({
    subject: computed(() => state.host.value.name),
    revision: state.series.revision,
    awaited: past.revision,
    window: (keys, span, points) => hostWindow(state, past, keys, span, pointsFor(points)),
    intervalMs: computed(() => state.host.value.intervalMs),
    now: () => newestKnownTime(clock.now(), state),
    paused: range.paused,
    windowMs: range.windowMs,
    zoom: (from, to, isContinued) => range.zoom(from, to, isContinued),
    resumeLive: () => range.resumeLive(),
    notes: computed(() => notes.value.filter(({ hosts }) => hosts === null || hosts.includes(state.id))),
    alerts,
    lateSpans: computed(() => lateSpansOf(state.lateSpans.value, past.late.value.get(state.id) ?? [])),
    pin: pin.time,
    pinAt: (time) => pin.set(time),
    ...(addNote && { addNote }),
    pointers: computed(() => pointers.value.filter(({ host }) => host === null || host === state.id)),
    ...(pointAt && { pointAt }),
    gapIn: (span) => hostGapIn({ state, past, connection }, span),
    holeReason: () =>
      past.trouble.value !== null ? words.notLoaded : past.isSlow.value ? words.loading : null,
  });
}

/** What the stream told, and before that what was found when the hub was asked again. By time. */
function lateSpansOf(told: readonly LateSpan[], found: readonly LateSpan[]): readonly LateSpan[] {
  const isTold = ({ from, to }: LateSpan): boolean => told.some((each) => each.from <= to && each.to >= from);
  return [...found.filter((span) => !isTold(span)), ...told].sort((a, b) => a.from - b.from);
}

/** Into how many buckets what the hub kept is cut, for a chart of so many pixels. */
export function pointsFor(width: number): number {
  return width > WIDE_PIXELS ? WIDE_POINTS : USUAL_POINTS;
}

/**
 * The hub's time, but never before the newest sample: the page knows that time to a few milliseconds, a sample arrives within
 * one or two, and one that seems to come from the future would not be drawn before the next. More than an interval
 * ahead is a wrong clock on the host, which the charts do not follow.
 */
export function newestKnownTime(now: number, { sample, host }: Pick<HostState, 'sample' | 'host'>): number {
  const ahead = (sample.value?.time ?? 0) - now;
  return ahead > 0 && ahead <= host.value.intervalMs ? now + ahead : now;
}
