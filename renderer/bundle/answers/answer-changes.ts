/**
 * `GET /api/v1/history/changes`, answered from a bundle: the hub's own answer where all of the window is asked for; for a part of it the
 * same comparison, over what the bundle holds.
 */
import type { Bundle, BundledHistory } from '../../../shared/bundle/bundle.ts';
import {
  changeMethod,
  countComparable,
  rankChanges,
  type ComparedSeries,
} from '../../../shared/changes/change-score.ts';
import { changeWords } from '../../../shared/changes/change-words.ts';
import {
  HISTORY_CHANGES,
  historyProblems,
  MAX_HISTORY_CHANGES,
  type HistoryChanges,
} from '../../../shared/schema/history.ts';
import { countIn, RefusedQuestion, windowIn } from './query.ts';
import { rebucket } from './rebucket.ts';

const LEAST_BEFORE_MS = 60_000;

export function answerChanges(bundle: Bundle, query: URLSearchParams): HistoryChanges {
  const host = query.get('host') ?? '';
  const window = windowIn(query, bundle.head);
  const limit = countIn(query, 'limit', HISTORY_CHANGES, MAX_HISTORY_CHANGES);
  const told = bundle.changes.find(
    (each) => each.host === host && each.window.from === window.from && each.window.to === window.to,
  );
  if (told !== undefined) return { ...told, changes: told.changes.slice(0, limit) };
  const history = bundle.history.get(host);
  if (history === undefined)
    throw new RefusedQuestion(404, historyProblems.unknownHost, 'No series of this host are in this bundle.');
  const before = { from: window.from - Math.max(LEAST_BEFORE_MS, window.to - window.from), to: window.from };
  const compared = [...comparedIn(history, window, before)];
  return {
    host,
    window,
    before,
    stepMs: history.stepMs,
    compared: countComparable(compared),
    method: changeMethod,
    changes: rankChanges(compared)
      .slice(0, limit)
      .map((change) => ({ ...change, words: changeWords(change) })),
  };
}

function* comparedIn(
  { columns, stepMs }: BundledHistory,
  window: { from: number; to: number },
  before: { from: number; to: number },
): Generator<ComparedSeries> {
  const wish = { stepMs, ownStepMs: stepMs, fields: ['mean'] } as const;
  for (const [series, column] of columns) {
    const valuesIn = (span: { from: number; to: number }) =>
      (rebucket(column, { ...wish, ...span })?.mean ?? []).map((value) => value ?? NaN);
    yield { series, now: valuesIn(window), before: valuesIn(before) };
  }
}
