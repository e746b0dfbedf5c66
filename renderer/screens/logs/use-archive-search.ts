/**
 * A search through the hub's archive: lines join the store as they are found, newest first, beside how many match over time. A new
 * question ends the one before; what was found stays on the screen until the first word of the new answer.
 */
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { askHubRecords } from '../../app/ask-hub-records.ts';
import { messages } from '../../messages.ts';
import { LogStore } from '../../store/log-store.ts';
import { paths } from '../../../shared/protocol.ts';
import {
  searchRecord,
  type HistogramCounts,
  type SearchRecord,
  type SearchRecordOf,
} from '../../../shared/schema/log-search.ts';

export interface SearchQuestion {
  /** In the filter language. */
  filter: string;
  /** Epoch milliseconds; `from` null: as far back as lines are kept; `to` null: until now. */
  from: number | null;
  to: number | null;
  /** Columns of the histogram. */
  buckets: number;
}

/** `idle`: nothing was asked yet; `stopped`: by the reader of the page. */
export type SearchPhase = 'idle' | 'searching' | 'done' | 'stopped' | 'failed';

export interface ArchiveSearch {
  /** Lines found, newest first. */
  readonly store: LogStore;
  readonly phase: ShallowRef<SearchPhase>;
  /** Null until the hub has begun to answer. */
  readonly begin: ShallowRef<SearchRecordOf<'begin'> | null>;
  readonly progress: ShallowRef<Pick<SearchRecordOf<'progress'>, 'searched' | 'total' | 'matched'> | null>;
  readonly histogram: ShallowRef<HistogramCounts | null>;
  /** Why it came to its end; null where it did not. */
  readonly end: ShallowRef<SearchRecordOf<'end'>['reason'] | null>;
  /** Why it failed, for people; `code` is the hub's. */
  readonly problem: ShallowRef<{ code: string; sentence: string } | null>;
  /** There are more lines than are shown, and room for them. */
  readonly hasMore: ShallowRef<boolean>;
  ask(question: SearchQuestion): void;
  more(): void;
  stop(): void;
}

const FIRST_LINES = 500;
const MORE_LINES = 1_000;
/** So many lines, or so many estimated bytes, are shown at most; who wants others narrows the search. */
const MAX_LINES = 20_000;
const MAX_BYTES = 48 * 1024 * 1024;

export function useArchiveSearch(): ArchiveSearch {
  const store = new LogStore();
  const phase = shallowRef<SearchPhase>('idle');
  const begin = shallowRef<SearchRecordOf<'begin'> | null>(null);
  const progress = shallowRef<ArchiveSearch['progress']['value']>(null);
  const histogram = shallowRef<HistogramCounts | null>(null);
  const end = shallowRef<SearchRecordOf<'end'>['reason'] | null>(null);
  const problem = shallowRef<ArchiveSearch['problem']['value']>(null);
  const hasMore = shallowRef(false);
  let question: SearchQuestion | null = null;
  let lastId: string | null = null;
  let asking: AbortController | null = null;

  onScopeDispose(() => asking?.abort());
  return { store, phase, begin, progress, histogram, end, problem, hasMore, ask, more, stop };

  function ask(next: SearchQuestion): void {
    question = next;
    lastId = null;
    const { filter, from, to, buckets } = next;
    void run({
      ...(filter !== '' && { filter }),
      ...(from !== null && { from: String(from) }),
      ...(to !== null && { to: String(to) }),
      buckets: String(buckets),
      limit: String(FIRST_LINES),
    });
  }

  /** Over the range of the first answer, so that what came meanwhile does not shift it. */
  function more(): void {
    if (question === null || begin.value === null || lastId === null) return;
    const { from, to } = begin.value;
    const { filter } = question;
    void run({
      ...(filter !== '' && { filter }),
      from: String(from),
      to: String(to),
      before: lastId,
      limit: String(MORE_LINES),
    });
  }

  function stop(): void {
    if (phase.value !== 'searching') return;
    asking?.abort();
    phase.value = 'stopped';
    hasMore.value = false;
  }

  async function run(parameters: Record<string, string>): Promise<void> {
    asking?.abort();
    const own = (asking = new AbortController());
    const isFirst = parameters['before'] === undefined;
    phase.value = 'searching';
    problem.value = null;
    hasMore.value = false;
    let isBegun = !isFirst;
    let isAnswered = false;
    const answer = await askHubRecords(`${paths.logSearch}?${new URLSearchParams(parameters).toString()}`, {
      schema: searchRecord,
      signal: own.signal,
      onRecord: (record) => {
        if (own.signal.aborted) return;
        isBegun = true;
        isAnswered ||= record.kind === 'end' || record.kind === 'problem';
        take(record, isFirst);
      },
    });
    if (own.signal.aborted || (answer.isGood && isAnswered)) return;
    // What is on the screen answers another question.
    if (!isBegun) forget();
    fail(answer.isGood ? { code: '', sentence: messages.hub.unclear } : answer);
  }

  function take(record: SearchRecord, isFirst: boolean): void {
    switch (record.kind) {
      case 'begin':
        if (!isFirst) return;
        forget();
        begin.value = record;
        return;
      case 'line':
        store.add(record);
        return;
      case 'progress':
        if (isFirst) takeProgress(record);
        return;
      case 'end':
        if (isFirst) takeProgress(record);
        end.value = record.reason;
        lastId = record.lastId;
        hasMore.value = lastId !== null && hasRoom();
        phase.value = 'done';
        return;
      case 'problem': {
        const { code, message, remedy } = record.error;
        fail({ code, sentence: remedy === null ? message : `${message} ${remedy}` });
      }
    }
  }

  function forget(): void {
    store.clear();
    begin.value = null;
    progress.value = null;
    histogram.value = null;
    end.value = null;
  }

  function takeProgress(record: SearchRecordOf<'progress'> | SearchRecordOf<'end'>): void {
    progress.value = record;
    histogram.value = record.histogram;
  }

  function fail({ code, sentence }: { code: string; sentence: string }): void {
    problem.value = { code, sentence };
    phase.value = 'failed';
  }

  function hasRoom(): boolean {
    return store.rows.size + MORE_LINES <= MAX_LINES && store.rows.bytes < MAX_BYTES;
  }
}
