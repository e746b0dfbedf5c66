/** What happened to a host in the time that is shown, as the hub kept it: a page that was opened later has not seen it. */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { paths } from '../../shared/protocol.ts';
import { historyProblems, historyRecord, type HistoryMark } from '../../shared/schema/history.ts';
import { askHubRecords } from '../app/ask-hub-records.ts';
import type { TimeRange, TimeSpan } from '../app/time-range.ts';

export interface PastMarksOptions {
  host: string;
  range: Pick<TimeRange, 'paused' | 'windowMs'>;
  /** The hub's time, epoch milliseconds. */
  now: () => number;
}

/** Charts are drawn first, and a window that is dragged on is asked about when it stands still. */
const PATIENCE_MS = 400;

/** Lives as long as the calling scope. Empty until the hub has answered, and where it cannot. */
export function usePastMarks({ host, range, now }: PastMarksOptions): ShallowRef<readonly HistoryMark[]> {
  const marks: ShallowRef<readonly HistoryMark[]> = shallowRef([]);
  let asking: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isKept = true;

  // A live window moves on by itself: what happens in it from now on, the stream tells.
  watch([range.paused, range.windowMs], look, { immediate: true });
  onScopeDispose(forget);
  return marks;

  function look(): void {
    forget();
    if (isKept) timer = setTimeout(() => void ask(shownSpan()), PATIENCE_MS);
  }

  function shownSpan(): TimeSpan {
    return range.paused.value ?? { from: now() - range.windowMs.value, to: now() };
  }

  async function ask({ from, to }: TimeSpan): Promise<void> {
    const own = (asking = new AbortController());
    let told: readonly HistoryMark[] = [];
    // Marks come with any series; of this one everything is known.
    const question = new URLSearchParams({
      hosts: host,
      series: 'cpu.idle',
      from: String(Math.floor(from)),
      to: String(Math.ceil(to)),
      points: '1',
      fields: 'last',
    });
    const answer = await askHubRecords(`${paths.history}?${question.toString()}`, {
      schema: historyRecord,
      signal: own.signal,
      onRecord: (record) => {
        if (record.kind === 'gaps') told = record.marks;
      },
    });
    if (own.signal.aborted) return;
    if (answer.isGood) marks.value = told;
    else isKept = answer.code !== historyProblems.off;
  }

  function forget(): void {
    clearTimeout(timer);
    asking?.abort();
  }
}
