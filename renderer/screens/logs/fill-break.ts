/** Puts the lines that came while the stream was lost in the place of what the snapshot behind it brought. */
import { linesNotHeld } from '../../store/log-overlap.ts';
import type { GapRow, LineRow } from '../../store/log-row.ts';
import type { Break, LogStore } from '../../store/log-store.ts';
import type { ArchivedLine } from '../../../shared/schema/log-search.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';
import { keyOf, withLateMarks } from './put-before.ts';

/** Rows before a break that are compared with what is to be put there. */
const NEAR_ROWS = 2_000;
/** ... and of one host so many lines: a hub that was killed tells a few seconds of lines again, under other ids. */
const NEAR_LINES = 500;

/** Number of the first row of a break; null: its rows do not stand together (any more). */
export function placeOfBreak({ rows: held }: LogStore, { before, rows }: Break): number | null {
  const number = held.numberOf(before);
  return number !== null && rows.every((row, at) => held.at(number + 1 + at) === row) ? number + 1 : null;
}

/**
 * `found`: all lines from the break on to the end of its snapshot, in the order in which they came. Answers by how many rows those before
 * it have moved; null: the hub does not have all that the snapshot brought, and all stays as it is.
 */
export function fillBreak(store: LogStore, gone: Break, found: readonly ArchivedLine[]): number | null {
  const first = placeOfBreak(store, gone);
  if (first === null) return null;
  const news = newsAmong(found, store, first);
  if (!holdsAll(news, gone)) return null;
  const rows = withLateMarks(news);
  store.replace(first, first + gone.rows.length, rows);
  return rows.length - gone.rows.length;
}

/** More came than is put there unasked: a mark says so, unless one does. Answers as `fillBreak`. */
export function markBreak(store: LogStore, gone: Break): number | null {
  const first = placeOfBreak(store, gone);
  if (first === null || gone.rows.some(({ kind }) => kind === 'gap')) return null;
  const mark: GapRow = { kind: 'gap', host: null, reason: 'reconnected', from: null, to: null, count: null };
  store.replace(first, first, [mark]);
  return 1;
}

/** Those that are not held before it: neither by their id nor, of each host, as the end of what is held. */
function newsAmong(found: readonly ArchivedLine[], { rows }: LogStore, end: number): LineRow[] {
  const ids = new Set<string>();
  const held = new Map<string, LogLine[]>();
  for (let number = Math.max(rows.first, end - NEAR_ROWS); number < end; number++) {
    const row = rows.at(number)!;
    if (row.kind !== 'line') continue;
    if (row.id !== null) ids.add(row.id);
    held.set(row.line.host, [...(held.get(row.line.host) ?? []), row.line].slice(-NEAR_LINES));
  }
  const unknown = found.filter(({ id }) => !ids.has(id));
  const told = new Map<string, LogLine[]>();
  for (const { line } of unknown) {
    const sent = told.get(line.host);
    if (sent === undefined) told.set(line.host, [line]);
    else sent.push(line);
  }
  const news = new Set<LogLine>();
  for (const [host, sent] of told)
    for (const line of linesNotHeld(held.get(host) ?? [], sent) ?? sent) news.add(line);
  return unknown.flatMap(({ id, line }) => (news.has(line) ? { kind: 'line', id, line } : []));
}

/** Whether the snapshot brought no line besides. */
function holdsAll(news: readonly LineRow[], { rows }: Break): boolean {
  const counts = new Map<string, number>();
  for (const { line } of news) counts.set(keyOf(line), (counts.get(keyOf(line)) ?? 0) + 1);
  return rows.every((row) => {
    if (row.kind !== 'line') return true;
    const left = (counts.get(keyOf(row.line)) ?? 0) - 1;
    counts.set(keyOf(row.line), left);
    return left >= 0;
  });
}
