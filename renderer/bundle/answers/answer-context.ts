/** `GET /api/v1/logs/context`, answered from a bundle: the lines of one host around one of them, or around a moment. */
import type { Bundle } from '../../../shared/bundle/bundle.ts';
import {
  CONTEXT_LINES,
  MAX_CONTEXT_LINES,
  searchProblems,
  type ContextAnswer,
} from '../../../shared/schema/log-search.ts';
import { countIn, RefusedQuestion, timeIn } from './query.ts';

export function answerContext({ lines }: Bundle, query: URLSearchParams): ContextAnswer {
  const before = countIn(query, 'before', CONTEXT_LINES, MAX_CONTEXT_LINES);
  const after = countIn(query, 'after', CONTEXT_LINES, MAX_CONTEXT_LINES);
  const id = query.get('line');
  const named = id === null ? null : lines.find((each) => each.id === id);
  if (named === undefined)
    throw new RefusedQuestion(404, searchProblems.unknownLine, 'This line is not in the bundle.');
  const host = named?.line.host ?? query.get('host');
  const own = lines.filter(({ line }) => line.host === host);
  if (named !== null) {
    const at = own.indexOf(named);
    const first = Math.max(0, at - before);
    return {
      lines: own.slice(first, at + 1 + after),
      at: at - first,
      hasOlder: first > 0,
      hasNewer: at + 1 + after < own.length,
    };
  }
  const time = timeIn(query, 'time') ?? 0;
  const found = own.findIndex(({ line }) => line.time >= time);
  const middle = found < 0 ? own.length : found;
  const first = Math.max(0, middle - before);
  return {
    lines: own.slice(first, middle + after),
    at: null,
    hasOlder: first > 0,
    hasNewer: middle + after < own.length,
  };
}
