/** Lines that did not come to this page although the hub had them: where they stand, and what to ask for. */
import { askHubRecords } from '../../app/ask-hub-records.ts';
import type { LogRow } from '../../store/log-row.ts';
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

/** Rows looked at on each side of a gap for a line that is known by its id. */
const NEAR_ROWS = 2_000;

export function mayBeKept(row: LogRow): boolean {
  return row.kind === 'gap' && hubHad.has(row.reason);
}

export type MissingLines =
  /**
   * `isCut`: there are more than were asked for at once. `keptSince`: when the oldest line came that the hub keeps; null: it keeps none, or
   * cannot keep all.
   */
  | { isFound: true; lines: ArchivedLine[]; isCut: boolean; keptSince: number | null }
  | { isFound: false; sentence: string; code: string };

/** Asks the hub for what is missing at the gap of number `number`; `fillGap` puts it there. `unclear`: what to say of half an answer. */
export async function findMissing(
  store: LogStore,
  number: number,
  unclear: string,
  signal: AbortSignal,
): Promise<MissingLines> {
  return askLines(placeOf(store, number), unclear, signal);
}

/** One question to the archive, in the order in which lines came; `place`: what it is asked besides. */
export async function askLines(
  place: URLSearchParams,
  unclear: string,
  signal: AbortSignal,
): Promise<MissingLines> {
  const lines: ArchivedLine[] = [];
  let refusal: { sentence: string; code: string } | null = { sentence: unclear, code: '' };
  let isCut = false;
  let keptSince: number | null = null;
  const onRecord = (record: SearchRecord): void => {
    if (record.kind === 'begin') keptSince = record.trouble === null ? record.keptSince : null;
    else if (record.kind === 'line') lines.push(record);
    else if (record.kind === 'problem') refusal = { sentence: record.error.message, code: record.error.code };
    else if (record.kind === 'end') {
      refusal = null;
      isCut = record.reason !== 'complete';
    }
  };
  const question = new URLSearchParams([...place, ['order', 'oldest'], ['limit', String(MAX_SEARCH_LIMIT)]]);
  const answer = await askHubRecords(`${paths.logSearch}?${question.toString()}`, {
    schema: searchRecord,
    signal,
    onRecord,
  });
  if (!answer.isGood) return { isFound: false, sentence: answer.sentence, code: answer.code };
  return refusal === null ? { isFound: true, lines, isCut, keptSince } : { isFound: false, ...refusal };
}

/**
 * From the line before the gap to the one behind, by their ids where they have one, else by their times. What was left out for a slow
 * reader lies further on: the hub tells the gap first, then what had waited, and of what it tells next it may have left out some.
 */
function placeOf(store: LogStore, number: number): URLSearchParams {
  const gap = store.rows.at(number)!;
  const host = gap.kind === 'gap' ? gap.host : null;
  const isBehind = gap.kind === 'gap' && gap.reason === 'slow-reader';
  const place = new URLSearchParams();
  if (host !== null) place.set('hosts', host);
  const before = neighbour(store, number, -1, host);
  const after = isBehind ? null : neighbour(store, number, 1, host);
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
