/** Lines that did not come to this page although the hub had them: where they stand, and what to ask for. */
import { askHubRecords } from '../../app/ask-hub-records.ts';
import { isSameLine, type GapRow, type LineRow, type LogRow } from '../../store/log-row.ts';
import type { LogStore } from '../../store/log-store.ts';
import { formatCursor, parseCursor } from '../../../shared/cursor.ts';
import { paths } from '../../../shared/protocol.ts';
import {
  MAX_SEARCH_LIMIT,
  searchProblems,
  searchRecord,
  type ArchivedLine,
  type SearchRecord,
} from '../../../shared/schema/log-search.ts';
import { heldAt } from './held-lines.ts';

/** What other gaps left out never came to the hub either. */
const hubHad: ReadonlySet<string> = new Set(['slow-reader', 'reconnected', 'paused']);

const notKept: ReadonlySet<string> = new Set([searchProblems.unknownLine, searchProblems.archiveOff]);

/** Rows looked at on each side of a gap for a line that is known by its id. */
const NEAR_ROWS = 2_000;

export function mayBeKept(row: LogRow): boolean {
  return row.kind === 'gap' && hubHad.has(row.reason) && !row.isLost;
}

export type MissingLines =
  /**
   * `isCut`: there are more than were asked for at once. `keptSince`: when the oldest line came that the hub keeps; null: it keeps none, or
   * cannot keep all.
   */
  { isFound: true; lines: ArchivedLine[]; isCut: boolean; keptSince: number | null } | NotFound;

interface NotFound {
  isFound: false;
  sentence: string;
  code: string;
}

export interface LinesOfGap {
  /** From the gap on, in the order in which they came; some of them may be held. */
  lines: readonly ArchivedLine[];
  /** There are more than were asked for at once. */
  isCut: boolean;
  /** The line before the gap is kept too: none of those that came next is gone. */
  reachesBack: boolean;
}

/** Asks the hub for what is missing at the gap of number `number`; `fillGap` puts it there. `unclear`: what to say of half an answer. */
export async function findMissing(
  store: LogStore,
  number: number,
  unclear: string,
  signal: AbortSignal,
): Promise<({ isFound: true } & LinesOfGap) | NotFound> {
  const gap = store.rows.at(number) as GapRow;
  const isHeld = heldAt(store.rows, number);
  const before = neighbour(store, number, -1, gap.host);
  const after = gap.reason === 'slow-reader' ? null : neighbour(store, number, 1, gap.host);
  const place = placeBetween(before, after, gap);
  let reachesBack = false;
  for (;;) {
    const answer = await askKept(place, unclear, signal);
    if (!answer.isFound) return answer;
    const { lines, isCut, keptSince } = answer;
    const isKept = before !== null && lines.some((line) => isLineOf(before, line));
    reachesBack ||= isKept && keptSince !== null;
    const last = lines.at(-1);
    if (!isCut || last === undefined || !lines.every(isHeld))
      return { isFound: true, lines, isCut, reachesBack };
    // All of that is held: what is missing lies behind it.
    place.delete('from');
    place.set('after', last.id);
  }
}

/** As `askLines`; of what the hub does not keep any more there are no lines. */
async function askKept(place: URLSearchParams, unclear: string, signal: AbortSignal): Promise<MissingLines> {
  const answer = await askLines(place, unclear, signal);
  if (answer.isFound || !notKept.has(answer.code)) return answer;
  // Nothing of the start of the hub that the line before is of: of the one that the line behind is of there may be.
  if (place.has('after') && place.has('before')) {
    place.delete('after');
    return askKept(place, unclear, signal);
  }
  return { isFound: true, lines: [], isCut: false, keptSince: null };
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
 * From the line before the gap, that one included, to the one behind, by their ids where they have one, else by their times. What was left
 * out for a slow reader lies further on, and has none behind: the hub tells the gap first, then what had waited, and of what it tells next
 * it may have left out some. Where no line is left before the gap, its own times say what was left out.
 */
function placeBetween(before: LineRow | null, after: LineRow | null, gap: GapRow): URLSearchParams {
  const place = new URLSearchParams();
  if (gap.host !== null) place.set('hosts', gap.host);
  if (before !== null) place.set(before.id === null ? 'from' : 'after', including(before));
  else if (gap.from !== null) place.set('from', String(gap.from));
  if (after !== null) place.set(after.id === null ? 'to' : 'before', after.id ?? String(after.line.time + 1));
  else if (before === null && gap.to !== null) place.set('to', String(gap.to + 1));
  return place;
}

function including({ id, line }: LineRow): string {
  const cursor = id === null ? null : parseCursor(id);
  return cursor === null ? String(line.time) : formatCursor(cursor.epoch, cursor.sequence - 1);
}

function isLineOf({ id, line }: LineRow, found: ArchivedLine): boolean {
  return id === null ? isSameLine(line, found.line) : id === found.id;
}

/** The next line of the host, or of any. */
function neighbour({ rows }: LogStore, number: number, step: 1 | -1, host: string | null): LineRow | null {
  for (let at = number + step; Math.abs(at - number) <= NEAR_ROWS; at += step) {
    const row = rows.at(at);
    if (row === undefined) return null;
    if (row.kind === 'line' && !row.line.late && (host === null || row.line.host === host)) return row;
  }
  return null;
}
