/** What stands in the address of a search, or of a look around a line. */
import { parseCursor } from '../../../shared/cursor.ts';
import {
  CONTEXT_LINES,
  lineId,
  MAX_CONTEXT_LINES,
  MAX_SEARCH_BUCKETS,
  MAX_SEARCH_LIMIT,
  SEARCH_LIMIT,
  searchOrders,
  type SearchOrder,
} from '../../../shared/schema/log-search.ts';
import { maxFilterLength } from '../../../shared/filter/parse.ts';
import { badParameter, numberIn, refuseUnknown, timeIn } from '../../http/parameters.ts';
import type { ContextTask, SearchTask, SequencePlace } from '../search-task.ts';

export type SearchQuery = Pick<
  SearchTask,
  'filter' | 'from' | 'to' | 'after' | 'before' | 'order' | 'limit' | 'buckets'
>;

/** `around`: a line, or a moment of the host that the caller knows by this id. */
export type ContextQuery = Pick<ContextTask, 'around' | 'before' | 'after'>;

/** Thrown by both: a 400 `ProblemError` that names the parameter and what it may hold. */
export function parseSearchQuery(query: URLSearchParams): SearchQuery {
  refuseUnknown(query, ['filter', 'hosts', 'from', 'to', 'after', 'before', 'order', 'limit', 'buckets']);
  const filter = query.get('filter') ?? '';
  if (filter.length > maxFilterLength)
    throw badParameter('filter', `may have at most ${maxFilterLength} characters`);
  return {
    filter,
    from: timeIn(query, 'from'),
    to: timeIn(query, 'to'),
    after: lineIn(query, 'after'),
    before: lineIn(query, 'before'),
    order: orderIn(query),
    limit: numberIn(query, 'limit', 0, MAX_SEARCH_LIMIT) ?? SEARCH_LIMIT,
    buckets: numberIn(query, 'buckets', 0, MAX_SEARCH_BUCKETS) ?? 0,
  };
}

export function parseContextQuery(query: URLSearchParams): ContextQuery {
  refuseUnknown(query, ['line', 'host', 'time', 'before', 'after']);
  const line = lineIn(query, 'line');
  const host = query.get('host');
  const time = timeIn(query, 'time');
  if (line !== null && (host !== null || time !== null))
    throw badParameter('line', 'cannot be given beside host and time');
  if (line === null && host === null) throw badParameter('line', 'is missing; or else give host and time');
  if (line === null && time === null) throw badParameter('time', 'is missing beside host');
  return {
    around: line ?? { host: host!, time: time! },
    before: numberIn(query, 'before', 0, MAX_CONTEXT_LINES) ?? CONTEXT_LINES,
    after: numberIn(query, 'after', 0, MAX_CONTEXT_LINES) ?? CONTEXT_LINES,
  };
}

function lineIn(query: URLSearchParams, name: string): SequencePlace | null {
  const text = query.get(name);
  if (text === null) return null;
  const cursor = lineId.safeParse(text).success ? parseCursor(text) : null;
  if (cursor === null)
    throw badParameter(name, 'may be the id of a line, as searches and the stream tell it');
  return { epoch: cursor.epoch, sequence: cursor.sequence };
}

function orderIn(query: URLSearchParams): SearchOrder {
  const text = query.get('order');
  const order = text === null ? searchOrders[0] : searchOrders.find((known) => known === text);
  if (order === undefined) throw badParameter('order', `may be ${searchOrders.join(' or ')}`);
  return order;
}
