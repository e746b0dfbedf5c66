/** How far back the tail of a host reaches, and what it holds of a stretch of time. */
import type { TimeSpan } from '../../app/time-range.ts';
import type { LogStore } from '../../store/log-store.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';

/** Lines looked at: they stand about in the order of time. */
const FIRST_ROWS = 200;

/** It holds a line of the host that is no later. */
export function tailReaches({ rows }: LogStore, hostId: string, time: number): boolean {
  const end = Math.min(rows.next, rows.first + FIRST_ROWS);
  for (let number = rows.first; number < end; number++) {
    const row = rows.at(number)!;
    if (row.kind === 'line' && row.line.host === hostId && row.line.time <= time) return true;
  }
  return false;
}

/** Both ends included. */
export function tailLines({ rows }: LogStore, hostId: string, { from, to }: TimeSpan): LogLine[] {
  const lines: LogLine[] = [];
  for (let number = rows.first; number < rows.next; number++) {
    const row = rows.at(number)!;
    if (row.kind !== 'line' || row.line.host !== hostId) continue;
    if (row.line.time >= from && row.line.time <= to) lines.push(row.line);
  }
  return lines;
}
