/** Lines that did not come to this page although the hub had them: where they stand, and what to ask for. */
import { askHubRecords } from '../../app/ask-hub-records.ts';
import type { LogRow } from '../../store/log-row.ts';
import { isSameLine } from '../../store/log-row.ts';
import type { LogStore } from '../../store/log-store.ts';
import { paths } from '../../../shared/protocol.ts';
import {
  MAX_SEARCH_LIMIT,
  searchRecord,
  type ArchivedLine,
  type SearchRecord,
} from '../../../shared/schema/log-search.ts';

/** What other gaps left out never came to the hub either. */
const hubHad: ReadonlySet<string> = new Set(['slow-reader', 'reconnected', 'paused']);

/** Rows around a gap that may hold what is found for it. */
const EDGE_ROWS = 500;
/** Rows looked at on each side of a gap for a line that is known by its id. */
const NEAR_ROWS = 2_000;

export function mayBeKept(row: LogRow): boolean {
  return row.kind === 'gap' && hubHad.has(row.reason);
}

export type MissingLines = { isFound: true; lines: ArchivedLine[] } | { isFound: false; sentence: string };

/** Asks the hub for what is missing at the gap of number `number`; lines that are held already are left out. `words`: what else to say. */
export async function findMissing(
  store: LogStore,
  number: number,
  words: { none: string; unclear: string },
  signal: AbortSignal,
): Promise<MissingLines> {
  const lines: ArchivedLine[] = [];
  let sentence: string | null = words.unclear;
  const onRecord = (record: SearchRecord): void => {
    if (record.kind === 'line') lines.push(record);
    else if (record.kind === 'end') sentence = null;
    else if (record.kind === 'problem') sentence = record.error.message;
  };
  const answer = await askHubRecords(`${paths.logSearch}?${placeOf(store, number).toString()}`, {
    schema: searchRecord,
    signal,
    onRecord,
  });
  if (!answer.isGood) return { isFound: false, sentence: answer.sentence };
  if (sentence !== null) return { isFound: false, sentence };
  const news = lines.filter((found) => !isHeldNear(store, number, found));
  return news.length > 0 ? { isFound: true, lines: news } : { isFound: false, sentence: words.none };
}

/** Between the lines on both sides, by id where they have one; else by the time of the line, or the gap's own. */
function placeOf(store: LogStore, number: number): URLSearchParams {
  const gap = store.rows.at(number)!;
  const host = gap.kind === 'gap' ? gap.host : null;
  const place = new URLSearchParams({ order: 'oldest', limit: String(MAX_SEARCH_LIMIT) });
  if (host !== null) place.set('hosts', host);
  const before = neighbour(store, number, -1, host);
  const after = neighbour(store, number, 1, host);
  if (before !== null) place.set(before.id === null ? 'from' : 'after', before.id ?? String(before.time));
  if (after !== null) place.set(after.id === null ? 'to' : 'before', after.id ?? String(after.time + 1));
  return place;
}

function neighbour(
  { rows }: LogStore,
  number: number,
  step: 1 | -1,
  host: string | null,
): { id: string | null; time: number } | null {
  for (let at = number + step; Math.abs(at - number) <= NEAR_ROWS; at += step) {
    const row = rows.at(at);
    if (row === undefined) return null;
    if (row.kind !== 'line' || row.line.late || (host !== null && row.line.host !== host)) continue;
    return { id: row.id, time: row.line.time };
  }
  return null;
}

/** Where only times could be told, the lines at the edges are found as well. */
function isHeldNear({ rows }: LogStore, number: number, found: ArchivedLine): boolean {
  for (
    let at = Math.max(rows.first, number - EDGE_ROWS);
    at < Math.min(rows.next, number + EDGE_ROWS);
    at++
  ) {
    const row = rows.at(at);
    if (
      row?.kind === 'line' &&
      (row.id === found.id || (row.id === null && isSameLine(row.line, found.line)))
    )
      return true;
  }
  return false;
}
