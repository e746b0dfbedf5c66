/**
 * What was measured of a host that says nothing now: a page that never had a sample of it knows by this alone which charts it has.
 */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { askHubRecords } from '../../app/ask-hub-records.ts';
import type { TimeRange } from '../../app/time-range.ts';
import { paths } from '../../../shared/protocol.ts';
import { historyRecord } from '../../../shared/schema/history.ts';

export interface KeptSeriesOptions {
  host: string;
  /** Keys, and patterns with `*`. */
  keys: readonly string[];
  /** False: there is a sample, which tells it all. */
  isWanted: () => boolean;
  range: Pick<TimeRange, 'paused' | 'windowMs'>;
  /** The hub's time, epoch milliseconds. */
  now: () => number;
}

/** A window that is dragged on is asked about when it stands still. */
const PATIENCE_MS = 150;

/** By key, about how much it was when it was last measured in a window that was shown. Lives as long as the calling scope. */
export function useKeptSeries(options: KeptSeriesOptions): ShallowRef<ReadonlyMap<string, number>> {
  const { host, keys, isWanted, range, now } = options;
  const kept: ShallowRef<ReadonlyMap<string, number>> = shallowRef(new Map());
  let asking: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(
    [range.paused, range.windowMs, isWanted],
    () => {
      forget();
      if (isWanted()) timer = setTimeout(() => void ask(), PATIENCE_MS);
    },
    { immediate: true },
  );
  onScopeDispose(forget);
  return kept;

  async function ask(): Promise<void> {
    const own = (asking = new AbortController());
    const { from, to } = range.paused.value ?? { from: now() - range.windowMs.value, to: now() };
    const question = new URLSearchParams({
      hosts: host,
      series: keys.join(','),
      from: String(Math.floor(from)),
      to: String(Math.ceil(to)),
      points: '2',
      fields: 'mean',
    });
    const found = new Map(kept.value);
    const answer = await askHubRecords(`${paths.history}?${question.toString()}`, {
      schema: historyRecord,
      signal: own.signal,
      onRecord(record) {
        if (record.kind !== 'columns') return;
        const newest = record.mean?.findLast((value) => value !== null);
        if (newest != null) found.set(record.series, newest);
      },
    });
    if (!own.signal.aborted && answer.isGood) kept.value = found;
  }

  function forget(): void {
    clearTimeout(timer);
    asking?.abort();
  }
}
