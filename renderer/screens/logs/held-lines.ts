/** Which lines of the hub's archive the page holds already. */
import { isSameLine, type LogRow } from '../../store/log-row.ts';
import type { RowRing } from '../../store/row-ring.ts';
import type { ArchivedLine } from '../../../shared/schema/log-search.ts';

/** Rows around a gap among which lines without an id are looked for. */
const NEAR_ROWS = 500;

/** Of lines that belong where the gap of this number is, or behind it. */
export function heldAt(rows: RowRing, number: number): (found: ArchivedLine) => boolean {
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
