/** Where the moment under the crosshair lies between the lines in sight. */
import type { LogRow } from '../../store/log-row.ts';

export interface PlacedRow {
  row: LogRow;
  height: number;
}

/**
 * Pixels below the top of the first row: above the first line that is later than `time`. Null where all lines in sight are later, or none
 * is although others follow.
 */
export function crosshairPlace(rows: readonly PlacedRow[], time: number, isEnd: boolean): number | null {
  let top = 0;
  let isPast = false;
  for (const { row, height } of rows) {
    const isLater = row.kind === 'line' && row.line.time > time;
    if (isLater) return isPast ? top : null;
    isPast ||= row.kind === 'line';
    top += height;
  }
  return isPast && isEnd ? top : null;
}

/** The moment of a row, in epoch milliseconds; null where it has none. */
export function momentOf(row: LogRow): number | null {
  return row.kind === 'line' ? row.line.time : row.from;
}
