/** Puts lines in the place of the gap that stood for them: each where it belongs, and none that is held already. */
import type { LogRow } from '../../store/log-row.ts';
import type { LogStore } from '../../store/log-store.ts';
import type { RowRing } from '../../store/row-ring.ts';
import { parseCursor } from '../../../shared/cursor.ts';
import { heldAt } from './held-lines.ts';
import type { LinesOfGap } from './missing-lines.ts';

/** Marks and lines without an id that may stand between two lines with one. */
const MAX_BETWEEN = 50;

/**
 * What is still missing has a mark then: behind the lines where the hub has more of them; before them where it does not keep it. Answers
 * the number of the first line that was put in; null: none was.
 */
export function fillGap(store: LogStore, number: number, found: LinesOfGap): number | null {
  const { rows } = store;
  const gap = rows.at(number);
  if (gap?.kind !== 'gap') return null;
  const isHeld = heldAt(rows, number);
  const news = found.lines.filter((line) => !isHeld(line)).slice(0, gap.count ?? found.lines.length);
  if (news.length === 0 && found.isCut) return null;
  const count = gap.count === null ? null : gap.count - news.length;
  const isLost = count === null ? !found.reachesBack : count > 0 && !found.isCut;
  const filled: LogRow[] = isLost ? [{ ...gap, count, isLost }] : [];
  let firstNew = -1;
  let at = number + 1;
  for (const { id, line } of news) {
    for (; isBefore(rows, at, id); at++) filled.push(rows.at(at)!);
    if (firstNew < 0) firstNew = filled.length;
    filled.push({ kind: 'line', line, id });
  }
  if (found.isCut && count !== 0) filled.push({ ...gap, count });
  store.replace(number, at, filled);
  return firstNew < 0 ? null : at - filled.length + firstNew;
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
