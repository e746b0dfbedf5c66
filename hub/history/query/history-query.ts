/** What stands in the address of a question to the history. */
import {
  HISTORY_CHANGES,
  HISTORY_POINTS,
  historyFields,
  MAX_HISTORY_CHANGES,
  MAX_HISTORY_KEYS,
  MAX_HISTORY_POINTS,
  MAX_PAST_PROCESSES,
  PAST_PROCESSES,
  type HistoryField,
} from '../../../shared/schema/history.ts';
import { hostId } from '../../../shared/schema/host-id.ts';
import { badParameter, numberIn, refuseUnknown, timeIn } from '../../http/parameters.ts';
import { parseHosts } from '../../stream/view.ts';

/** Epoch milliseconds, the end excluded. */
export interface TimeWindow {
  from: number;
  to: number;
}

export interface HistoryQuery {
  /** As the reader knows them; null: all it sees. */
  hosts: readonly string[] | null;
  /** Keys, and patterns with `*`. */
  series: readonly string[];
  window: TimeWindow;
  points: number;
  fields: readonly HistoryField[];
}

/** Of one host, as the reader knows it. */
export interface HostQuery {
  host: string;
  window: TimeWindow;
  limit: number;
}

/** Where `from` is left out: so long before `to`, in milliseconds. */
const DEFAULT_WINDOW_MS = 3_600_000;
const MAX_KEY_LENGTH = 256;

/** Thrown by all: a 400 `ProblemError` that names the parameter and what it may hold. */
export function parseHistoryQuery(query: URLSearchParams, now = Date.now()): HistoryQuery {
  refuseUnknown(query, ['hosts', 'series', 'from', 'to', 'points', 'fields']);
  return {
    hosts: parseHosts(query),
    series: seriesIn(query),
    window: windowIn(query, now),
    points: numberIn(query, 'points', 1, MAX_HISTORY_POINTS) ?? HISTORY_POINTS,
    fields: fieldsIn(query),
  };
}

export function parseProcessesQuery(query: URLSearchParams, now = Date.now()): HostQuery {
  return hostQueryIn(query, now, PAST_PROCESSES, MAX_PAST_PROCESSES);
}

export function parseChangesQuery(query: URLSearchParams, now = Date.now()): HostQuery {
  return hostQueryIn(query, now, HISTORY_CHANGES, MAX_HISTORY_CHANGES);
}

function hostQueryIn(query: URLSearchParams, now: number, limit: number, most: number): HostQuery {
  refuseUnknown(query, ['host', 'from', 'to', 'limit']);
  const host = query.get('host');
  if (host === null) throw badParameter('host', 'is missing');
  if (!hostId.safeParse(host).success) throw badParameter('host', 'may be the id of a host');
  return { host, window: windowIn(query, now), limit: numberIn(query, 'limit', 1, most) ?? limit };
}

function windowIn(query: URLSearchParams, now: number): TimeWindow {
  const to = timeIn(query, 'to') ?? now;
  const from = timeIn(query, 'from') ?? Math.max(0, to - DEFAULT_WINDOW_MS);
  if (from >= to) throw badParameter('from', 'must be before to');
  return { from, to };
}

function seriesIn(query: URLSearchParams): readonly string[] {
  const text = query.get('series');
  if (text === null || text === '')
    throw badParameter('series', 'is missing: it holds keys like cpu.user, separated by commas');
  const keys = [...new Set(text.split(','))];
  if (keys.length > MAX_HISTORY_KEYS)
    throw badParameter('series', `may hold at most ${MAX_HISTORY_KEYS} keys`);
  if (!keys.every((key) => key.length > 0 && key.length <= MAX_KEY_LENGTH))
    throw badParameter('series', `may hold keys of 1 to ${MAX_KEY_LENGTH} characters, separated by commas`);
  return keys;
}

function fieldsIn(query: URLSearchParams): readonly HistoryField[] {
  const text = query.get('fields');
  if (text === null) return ['mean', 'min', 'max'];
  return text.split(',').map((name) => {
    const field = historyFields.find((known) => known === name);
    if (!field) throw badParameter('fields', `may hold ${historyFields.join(', ')}, separated by commas`);
    return field;
  });
}
