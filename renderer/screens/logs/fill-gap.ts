/** Puts lines in the place of the gap that stood for them: each where it belongs, and none that is held already. */
import { isSameLine, type GapRow, type LogRow } from '../../store/log-row.ts';
import type { LogStore } from '../../store/log-store.ts';
import type { RowRing } from '../../store/row-ring.ts';
import { parseCursor } from '../../../shared/cursor.ts';
import type { ArchivedLine } from '../../../shared/schema/log-search.ts';

/** Rows around a gap among which lines without an id are looked for. */
const NEAR_ROWS = 500;
/** Marks and lines without an id that may stand between two lines with one. */
const MAX_BETWEEN = 50;

/**
 * `found`: lines from the gap on, in the order in which they came; `isCut`: not all of them, so that a gap stays behind them. Answers the
 * number of the first line that was put in; null: all are held, and the gap stays as it is.
 */
export function fillGap(
  store: LogStore,
  number: number,
  found: readonly ArchivedLine[],
  isCut: boolean,
): number | null {
  const { rows } = store;
  const gap = rows.at(number) as GapRow;
  const isHeld = heldAt(rows, number);
  const news = found.filter((line) => !isHeld(line)).slice(0, gap.count ?? found.length);
  if (news.length === 0) return null;
  const filled: LogRow[] = [];
  let firstNew = -1;
  let at = number + 1;
  for (const { id, line } of news) {
    for (; isBefore(rows, at, id); at++) filled.push(rows.at(at)!);
    if (firstNew < 0) firstNew = filled.length;
    filled.push({ kind: 'line', line, id });
  }
  const rest = gap.count === null ? null : gap.count - news.length;
  if (isCut && rest !== 0) filled.push({ ...gap, count: rest });
  store.replace(number, at, filled);
  return at - filled.length + firstNew;
}

function heldAt(rows: RowRing, number: number): (found: ArchivedLine) => boolean {
  const ids = new Set<string>();
  const unnamed: LogRow[] = [];
  for (let at = Math.max(rows.first, number - NEAR_ROWS); at < rows.next; at++) {
    const row = rows.at(at)!;
    if (row.kind !== 'line') continue;
    if (row.id !== null) ids.add(row.id);
    else if (at < number + NEAR_ROWS) unnamed.push(row);
  }
  return ({ id, line }) =>
    ids.has(id) || unnamed.some((row) => row.kind === 'line' && isSameLine(row.line, line));
}

/** Whether the row at `at`, or the next one whose place is known, came before the line of this id. */
function isBefore(rows: RowRing, at: number, id: string): boolean {
  const cursor = parseCursor(id);
  for (let each = at; each < at + MAX_BETWEEN; each++) {
    const row = rows.at(each);
    if (row === undefined) return false;
    const own = row.kind === 'line' && row.id !== null ? parseCursor(row.id) : null;
    if (own !== null) return own.epoch === cursor?.epoch && own.sequence < cursor.sequence;
  }
  return false;
}
