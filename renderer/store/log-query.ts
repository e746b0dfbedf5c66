/** What a tail asks of the store: which rows it shows. */
import { levelRank, type LogLevel } from '../../shared/log-level.ts';
import { linePredicate, type EvaluationOptions, type LinePredicate } from '../../shared/filter/evaluate.ts';
import { regexesOf, type FilterNode, type RegexNode } from '../../shared/filter/tree.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import type { MarkRow } from './log-row.ts';

export interface LogQuery {
  filter: FilterNode;
  /** Lines below are left out, and so are lines without a level; null: none is. */
  floor: LogLevel | null;
  /** Null: every host. */
  hostId: string | null;
  /** Epoch milliseconds, both ends included; null: all times. */
  span: { from: number; to: number } | null;
  /** Equal lines that follow each other become one entry. */
  isCollapsing: boolean;
  hostName?: EvaluationOptions['hostName'];
}

/** A query made ready to be asked of one row after the other. */
export interface ReadyQuery {
  /** Expressions to be tried under guard before `passes` is asked. */
  readonly regexes: readonly RegexNode[];
  readonly isCollapsing: boolean;
  /** All but the level floor. */
  passes: LinePredicate;
  /** Rank of the floor; -1 where there is none. */
  readonly lowestRank: number;
  passesFloor(line: LogLine): boolean;
  showsMark(mark: MarkRow): boolean;
}

/** `regexMatches` answers for the guarded expressions. */
export function readyQuery(
  query: LogQuery,
  regexMatches: (regex: RegexNode, line: LogLine) => boolean,
): ReadyQuery {
  const { filter, floor, hostId, span, hostName } = query;
  const passesFilter = linePredicate(filter, hostName ? { hostName, regexMatches } : { regexMatches });
  const lowestRank = levelRank(floor);
  return {
    regexes: regexesOf(filter),
    isCollapsing: query.isCollapsing,
    lowestRank,
    passes: (line) => isInScope(line.host, line.time) && passesFilter(line),
    passesFloor: (line) => levelRank(line.level) >= lowestRank,
    showsMark: ({ host, from, to }) =>
      (hostId === null || host === null || host === hostId) &&
      (span === null || (from !== null && to !== null && from <= span.to && to >= span.from)),
  };

  function isInScope(host: string, time: number): boolean {
    return (hostId === null || host === hostId) && (span === null || (time >= span.from && time <= span.to));
  }
}
