/**
 * The four vital signs of a host over the time shown, and as they stood at its end. Read from the series,
 * so that paused and live are the same thing.
 */
import { computed, type ComputedRef } from 'vue';
import { useNow } from '../../app/now.ts';
import { useTimeRange } from '../../app/time-range.ts';
import { STALE_AFTER_INTERVALS } from '../../../shared/protocol.ts';
import type { HostState } from '../../store/host-state.ts';

export interface Vitals {
  from: number;
  to: number;
  /** Epoch milliseconds of the samples below. */
  times: Float64Array;
  /** Percent of the whole machine, NaN where unknown; so with the others. */
  cpu: Float64Array;
  memory: Float64Array;
  /** Bytes per second. */
  diskRead: Float64Array;
  diskWrite: Float64Array;
  received: Float64Array;
  sent: Float64Array;
  /** The values at the end; null where unknown. */
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

const keys = [
  'cpu.idle',
  'cpu.iowait',
  'memory.used',
  'memory.total',
  'disk.read',
  'disk.write',
  'net.receive',
  'net.transmit',
  'swap.used',
  'swap.total',
  'load.one',
  'load.five',
  'load.fifteen',
] as const;

/** Follows the series of `state()` and the time range of the page. */
export function useVitals(state: () => HostState): ComputedRef<Vitals> {
  const range = useTimeRange();
  const now = useNow();

  return computed(() => {
    const { series, sample, host } = state();
    void series.revision.value;
    const paused = range.paused.value;
    if (paused) return readVitals(state(), paused.from, paused.to);
    const to = liveEdge(sample.value?.time ?? null, now.value, host.value.intervalMs);
    return readVitals(state(), to - range.windowMs.value, to);
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

function readVitals({ series }: HostState, from: number, to: number): Vitals {
  const { times, columns } = series.window(keys, from, to);
  const column = (key: (typeof keys)[number]) => columns[keys.indexOf(key)]!;
  const iowait = column('cpu.iowait');
  const total = column('memory.total');
  const cpu = column('cpu.idle').map((idle, row) => Math.max(0, 100 - idle - (iowait[row]! || 0)));
  const memory = column('memory.used').map((used, row) => (100 * used) / total[row]!);
  const last = (values: Float64Array): number | null => {
    const value = values.at(-1);
    return value === undefined || Number.isNaN(value) ? null : value;
  };
  return {
    from,
    to,
    times,
    cpu,
    memory,
    diskRead: column('disk.read'),
    diskWrite: column('disk.write'),
    received: column('net.receive'),
    sent: column('net.transmit'),
    now: {
      cpu: last(cpu),
      memory: last(memory),
      memoryUsed: last(column('memory.used')),
      memoryTotal: last(total),
      swapUsed: last(column('swap.used')),
      swapTotal: last(column('swap.total')),
      diskRead: last(column('disk.read')),
      diskWrite: last(column('disk.write')),
      received: last(column('net.receive')),
      sent: last(column('net.transmit')),
      load: [last(column('load.one')), last(column('load.five')), last(column('load.fifteen'))],
    },
  };
}
