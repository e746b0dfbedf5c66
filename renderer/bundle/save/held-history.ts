/** The samples that this page holds of a host, in the words of the history: for a hub that keeps none. */
import type { HistoryGap, HistoryRecord } from '../../../shared/schema/history.ts';
import type { HostState } from '../../store/host-state.ts';

/** Samples further apart than so many intervals have a gap between them. */
const GAP_INTERVALS = 2.5;

/** Empty where none is of the window. */
export function heldHistory(
  { id, host, series }: Pick<HostState, 'id' | 'host' | 'series'>,
  { from, to }: { from: number; to: number },
): HistoryRecord[] {
  const keys = series.keys();
  const { times, columns } = series.window(keys, from, to - 1);
  if (times.length === 0) return [];
  const { intervalMs } = host.value;
  const first = Math.floor(times[0]! / intervalMs) * intervalMs;
  const bucketOf = (time: number) => Math.floor((time - first) / intervalMs);
  const length = bucketOf(times.at(-1)!) + 1;
  const told = keys.map((key, index): HistoryRecord => {
    const mean = new Array<number | null>(length).fill(null);
    columns[index]!.forEach((value, row) => {
      if (!Number.isNaN(value)) mean[bucketOf(times[row]!)] = value;
    });
    return { kind: 'columns', host: id, series: key, start: first, mean };
  });
  const begin = { host: id, intervalMs, keptSince: times[0]! };
  return [
    {
      kind: 'begin',
      serverTime: to,
      from,
      to,
      stepMs: intervalMs,
      tierMs: intervalMs,
      hosts: [begin],
      trouble: null,
    },
    ...told,
    { kind: 'gaps', host: id, gaps: gapsBetween(times, intervalMs, { from, to }), marks: [] },
    { kind: 'end', reason: 'complete', values: keys.length * length },
  ];
}

function gapsBetween(
  times: Float64Array,
  intervalMs: number,
  { from, to }: { from: number; to: number },
): HistoryGap[] {
  const gaps: HistoryGap[] = [];
  const least = GAP_INTERVALS * intervalMs;
  if (times[0]! - from > least) gaps.push({ from, to: times[0]!, reason: 'past-retention' });
  for (let row = 1; row < times.length && gaps.length < 1_000; row++) {
    const [before, after] = [times[row - 1]!, times[row]!];
    if (after - before > least) gaps.push({ from: before + intervalMs, to: after, reason: 'unknown' });
  }
  const newest = times.at(-1)! + intervalMs;
  if (to - newest > least) gaps.push({ from: newest, to, reason: 'not-yet' });
  return gaps;
}
