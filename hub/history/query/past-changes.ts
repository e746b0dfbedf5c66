/** What changed: the series of a host that moved most against the time before a window. */
import { changeMethod, countComparable, rankChanges } from '../../../shared/changes/change-score.ts';
import type { HistoryChanges } from '../../../shared/schema/history.ts';
import type { Sight } from '../../access/sight.ts';
import type { HistoryReader, SeriesBuckets } from '../store/history-reader.ts';
import { changeWords } from '../../../shared/changes/change-words.ts';
import type { TimeWindow } from './history-query.ts';
import type { KeptSince } from './kept-since.ts';
import { beginningFor } from './reach-of-sight.ts';
import { matchingSeries, shownHost } from './shown-series.ts';
import { stepFor } from './step.ts';

export interface PastChangesParts {
  reader: HistoryReader;
  keptSince: KeptSince;
  sight: Sight;
  /** As the hub knows it. */
  host: string;
  window: TimeWindow;
  limit: number;
  signal: AbortSignal;
}

/** Of both windows together, for each of thousands of series. */
const POINTS = 240;
/** What is usual cannot be told from less. */
const LEAST_BEFORE_MS = 60_000;

export async function pastChangesOf(parts: PastChangesParts): Promise<HistoryChanges> {
  const { reader, keptSince, sight, host, window, limit, signal } = parts;
  const lengthMs = Math.max(window.to - window.from, LEAST_BEFORE_MS);
  const before = { from: Math.max(0, window.from - lengthMs), to: window.from };
  const { keptFrom } = await keptSince.extentOf(host, signal);
  const step = stepFor(reader.ladder, { from: before.from, to: window.to }, POINTS, { keptFrom });
  const { start, stepMs, length } = step;
  const to = start + length * stepMs;
  const read = await reader.buckets({ host, series: null, from: start, to, stepMs }, signal);
  const rowAt = (time: number) => Math.min(length, Math.max(0, Math.ceil((time - start) / stepMs)));
  // A bucket belongs to the window in which it begins, but for the first of all.
  const [first, middle] = [rowAt(Math.max(start, beginningFor(sight))), rowAt(window.from)];
  const compared = shownSeries(sight, host, read.series).map(({ shown, mean }) => ({
    series: shown,
    before: mean.subarray(first, Math.max(first, middle)),
    now: mean.subarray(Math.max(first, middle)),
  }));
  const changes = rankChanges(compared).slice(0, limit);
  return {
    host: shownHost(sight, host),
    window,
    before,
    stepMs,
    compared: countComparable(compared),
    method: changeMethod,
    changes: changes.map((change) => ({ ...change, words: changeWords(change) })),
  };
}

function shownSeries(
  sight: Sight,
  host: string,
  all: readonly SeriesBuckets[],
): { shown: string; mean: Float64Array }[] {
  const columns = new Map(all.map((each) => [each.key, each.mean]));
  const matching = matchingSeries(sight, host, ['*'], [...columns.keys()], Infinity) ?? [];
  return matching.map(({ key, shown }) => ({ shown, mean: columns.get(key)! }));
}
