/** `GET /api/v1/history`, answered from a bundle. */
import type { Bundle, BundledHistory } from '../../../shared/bundle/bundle.ts';
import { globTest } from '../../../shared/filter/glob.ts';
import {
  HISTORY_POINTS,
  historyFields,
  historyProblems,
  historySteps,
  MAX_HISTORY_POINTS,
  type HistoryField,
  type HistoryGap,
  type HistoryRecord,
} from '../../../shared/schema/history.ts';
import { rebucket } from './rebucket.ts';
import { countIn, listIn, RefusedQuestion, windowIn } from './query.ts';

interface Window {
  from: number;
  to: number;
}

export function answerHistory(bundle: Bundle, query: URLSearchParams): HistoryRecord[] {
  const { head } = bundle;
  const window = windowIn(query, head);
  const points = Math.max(1, countIn(query, 'points', HISTORY_POINTS, MAX_HISTORY_POINTS));
  const fields = fieldsIn(query);
  const asked = listIn(query, 'hosts') ?? [...bundle.history.keys()];
  const hosts = asked.filter((host) => bundle.history.has(host));
  if (hosts.length === 0 && asked.length > 0)
    throw new RefusedQuestion(404, historyProblems.unknownHost, 'No such host is in this bundle.');
  const tests = (listIn(query, 'series') ?? ['*']).map(globTest);
  const kept = hosts.map((host) => bundle.history.get(host)!);
  const ownStepMs = Math.max(1, ...kept.map(({ stepMs }) => stepMs));
  const stepMs = stepFor(window, points, ownStepMs);

  const records: HistoryRecord[] = [
    {
      kind: 'begin',
      serverTime: head.to,
      ...window,
      stepMs,
      tierMs: Math.max(1, ...kept.map(({ tierMs }) => tierMs)),
      hosts: hosts.map((host, index) => ({
        host,
        intervalMs: kept[index]!.intervalMs,
        keptSince: head.from,
      })),
      trouble: null,
    },
  ];
  let values = 0;
  for (const [index, host] of hosts.entries()) {
    const history = kept[index]!;
    for (const [series, columns] of history.columns) {
      if (!tests.some((test) => test(series))) continue;
      const told = rebucket(columns, { ...window, stepMs, ownStepMs: history.stepMs, fields });
      if (told === null) continue;
      values += told.mean?.length ?? 0;
      records.push(told);
    }
    records.push({ kind: 'gaps', host, ...outages(history, window, head) });
  }
  records.push({ kind: 'end', reason: 'complete', values });
  return records;
}

function fieldsIn(query: URLSearchParams): HistoryField[] {
  const asked = listIn(query, 'fields') ?? ['mean', 'min', 'max'];
  return historyFields.filter((field) => asked.includes(field));
}

/** Of lengths that the bundle's own buckets divide: a bucket is never split. */
function stepFor({ from, to }: Window, points: number, ownStepMs: number): number {
  const fits = (step: number) => Math.ceil(to / step) - Math.floor(from / step) <= points;
  const longer = historySteps.filter((step) => step >= ownStepMs && step % ownStepMs === 0);
  return [ownStepMs, ...longer].find(fits) ?? longer.at(-1) ?? ownStepMs;
}

/** What lies before the bundle, or behind it, is no more known than what a hub has let go of. */
function outages(history: BundledHistory, { from, to }: Window, head: Window) {
  const outside: HistoryGap[] = [
    { from, to: Math.min(to, head.from), reason: 'past-retention' as const },
    { from: Math.max(from, head.to), to, reason: 'not-yet' as const },
  ];
  const gaps = [outside[0]!, ...history.gaps, outside[1]!]
    .map((gap) => ({ ...gap, from: Math.max(gap.from, from), to: Math.min(gap.to, to) }))
    .filter((gap) => gap.from < gap.to);
  const marks = history.marks.filter(({ time }) => time >= from && time < to);
  return { gaps, marks };
}
