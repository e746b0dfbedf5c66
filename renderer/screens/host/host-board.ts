/** Joins one host's store to the charts of its screen. */
import { computed, type Ref } from 'vue';
import type { Connection } from '../../stream/connection.ts';
import type { TimeRange } from '../../app/time-range.ts';
import { createChartBoard, type ChartBoard, type TimeSpan } from '../../charts/chart-board.ts';
import { hostStatusLooks } from '../../components/status.ts';
import type { HostState } from '../../store/host-state.ts';
import type { HubClock } from '../../store/hub-clock.ts';
import type { Note } from '../../../shared/schema/notes.ts';
import type { Pointer } from '../../../shared/schema/shares.ts';
import type { Gap } from '../../../shared/schema/stream.ts';
import { hostMessages as messages } from './host-messages.ts';

export interface HostBoardOptions {
  state: HostState;
  range: TimeRange;
  clock: HubClock;
  /** What the page's stream does now. */
  connection: () => Connection;
  /** Of all hosts, by time. */
  notes: Readonly<Ref<readonly Note[]>>;
  /** Undefined: this reader may add none. */
  addNote: ((time: number) => void) | undefined;
  /** Of all hosts, by time. */
  pointers: Readonly<Ref<readonly Pointer[]>>;
  /** Undefined: this reader may not point. */
  pointAt: ((time: number, series: string | null) => void) | undefined;
}

/** Lives as long as the calling scope. */
export function createHostBoard(options: HostBoardOptions): ChartBoard {
  const { state, range, clock, connection, notes, addNote, pointers, pointAt } = options;
  return createChartBoard({
    revision: state.series.revision,
    window: (keys, from, to) => state.series.window(keys, from, to),
    intervalMs: computed(() => state.host.value.intervalMs),
    now: () => newestKnownTime(clock.now(), state),
    paused: range.paused,
    windowMs: range.windowMs,
    zoom: (from, to) => range.zoom(from, to),
    resumeLive: () => range.resumeLive(),
    notes: computed(() => notes.value.filter(({ hosts }) => hosts === null || hosts.includes(state.id))),
    lateSpans: state.lateSpans,
    ...(addNote && { addNote }),
    pointers: computed(() => pointers.value.filter(({ host }) => host === null || host === state.id)),
    ...(pointAt && { pointAt }),
    gapReason: (span) => knownGap(state.gaps.value, span) ?? presentReason(span),
  });

  /** Of a gap that is still open: the page's own stream first, then what the hub says of the host. */
  function presentReason(span: TimeSpan): string | null {
    const lastSample = state.sample.value?.time;
    if (lastSample !== undefined && span.to <= lastSample) return null;
    const { phase } = connection();
    if (phase !== 'live' && phase !== 'catching-up') return messages.disconnected;
    const { status } = state.host.value;
    return status === 'live' ? null : hostStatusLooks[status].word.toLowerCase();
  }
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

/** The reason the hub gave for missing samples in this span, the newest first. */
export function knownGap(gaps: readonly Gap[], span: TimeSpan): string | null {
  const gap = gaps.findLast(
    (each) => each.channel === 'metrics' && each.from <= span.to && each.to >= span.from,
  );
  return gap === undefined ? null : messages.gapReasons[gap.reason];
}
