/**
 * The four vital signs of a host over the time shown, and as they stood at its end. Read from the series, and before them from what
 * the hub kept, so that paused and live are the same thing.
 */
import { computed, type ComputedRef } from 'vue';
import { hostWindow } from '../../app/host-window.ts';
import { useNow } from '../../app/now.ts';
import { usePastSeries, type PastSeries } from '../../app/past-series.ts';
import { useTimeRange, type TimeSpan } from '../../app/time-range.ts';
import { bucketWindow } from '../../charts/buckets.ts';
import { STALE_AFTER_INTERVALS } from '../../../shared/protocol.ts';
import type { HostState } from '../../store/host-state.ts';
import { vitalKeys, type VitalKey } from '../../store/vital-keys.ts';

export interface Vitals {
  from: number;
  to: number;
  /** Epoch milliseconds of the samples below, or of the buckets that they are the means of. */
  times: Float64Array;
  /** Distance of two of them at most, without a gap between them. */
  intervalMs: number;
  /** Percent of the whole machine, NaN where unknown; so with the others. */
  cpu: Float64Array;
  memory: Float64Array;
  /** Bytes per second. */
  diskRead: Float64Array;
  diskWrite: Float64Array;
  received: Float64Array;
  sent: Float64Array;
  /** The values at the end of the time shown; while live the newest known ones, however old. Null: unknown. */
  now: {
    cpu: number | null;
    memory: number | null;
    memoryUsed: number | null;
    memoryTotal: number | null;
    swapUsed: number | null;
    swapTotal: number | null;
    diskRead: number | null;
    diskWrite: number | null;
    received: number | null;
    sent: number | null;
    load: [number | null, number | null, number | null];
  };
}

/** Buckets of a course at most: about as wide as it is drawn. */
const POINTS = 240;

/** Follows the series of `state()` and the time range of the page. */
export function useVitals(state: () => HostState): ComputedRef<Vitals> {
  const range = useTimeRange();
  const past = usePastSeries();
  const now = useNow();

  /** Apart, so that the passing of time alone reads nothing anew. */
  const edge = computed(() => {
    const { sample, host } = state();
    return liveEdge(sample.value?.time ?? null, now.value, host.value.intervalMs);
  });
  return computed(() => {
    const { series, sample } = state();
    void series.revision.value;
    void past.revision.value;
    const paused = range.paused.value;
    if (paused) return readVitals(state(), past, paused, null);
    const to = edge.value;
    return readVitals(state(), past, { from: to - range.windowMs.value, to }, sample.value?.time ?? null);
  });
}

/**
 * The right edge while live: the newest sample, so that the line always reaches it; once samples stay
 * away it is the present, and the line moves off.
 */
function liveEdge(newest: number | null, now: number, intervalMs: number): number {
  if (newest === null) return now;
  return now - newest > intervalMs * STALE_AFTER_INTERVALS ? now : newest;
}

/** `newest`: the time of the sample to take `now` from; null for the last one in the span. */
function readVitals(
  state: HostState,
  past: PastSeries,
  { from, to }: TimeSpan,
  newest: number | null,
): Vitals {
  const { series, host } = state;
  const { stepMs, holes: _holes, ...window } = hostWindow(state, past, vitalKeys, { from, to }, POINTS);
  const intervalMs = Math.max(host.value.intervalMs, stepMs);
  // The page's own samples are drawn no finer than what the hub kept before them.
  const { times, columns } = bucketWindow(window, intervalMs, host.value.intervalMs);
  const column = (key: VitalKey) => columns[vitalKeys.indexOf(key)]!;
  const iowait = column('cpu.iowait');
  const total = column('memory.total');
  const cpu = column('cpu.idle').map((idle, row) => Math.max(0, 100 - idle - (iowait[row]! || 0)));
  const memory = column('memory.used').map((used, row) => (100 * used) / total[row]!);
  const shown = newest === null ? columns : series.window(vitalKeys, newest, newest).columns;
  const last = (key: VitalKey): number | null => {
    const value = shown[vitalKeys.indexOf(key)]!.at(-1);
    return value === undefined || Number.isNaN(value) ? null : value;
  };
  const idle = last('cpu.idle');
  const used = last('memory.used');
  const whole = last('memory.total');
  return {
    from,
    to,
    times,
    intervalMs,
    cpu,
    memory,
    diskRead: column('disk.read'),
    diskWrite: column('disk.write'),
    received: column('net.receive'),
    sent: column('net.transmit'),
    now: {
      cpu: idle === null ? null : Math.max(0, 100 - idle - (last('cpu.iowait') ?? 0)),
      memory: used === null || !whole ? null : (100 * used) / whole,
      memoryUsed: used,
      memoryTotal: whole,
      swapUsed: last('swap.used'),
      swapTotal: last('swap.total'),
      diskRead: last('disk.read'),
      diskWrite: last('disk.write'),
      received: last('net.receive'),
      sent: last('net.transmit'),
      load: [last('load.one'), last('load.five'), last('load.fifteen')],
    },
  };
}
