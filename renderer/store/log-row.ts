/** What the log store holds: lines, and marks where lines are missing. */
import type { LogLine } from '../../shared/schema/logs.ts';
import type { Gap } from '../../shared/schema/stream.ts';

export interface LineRow {
  readonly kind: 'line';
  /** By which the hub knows it (`lineId`); null: it came in a snapshot, whose lines have no place of their own. */
  readonly id: string | null;
  readonly line: LogLine;
}

export interface GapRow {
  readonly kind: 'gap';
  /** Null: missing from every host. */
  readonly host: string | null;
  /**
   * Why. Beyond the hub's own reasons: `reconnected`, the stream came back later than the hub remembers;
   * `paused`, more lines came while this page was paused than it can hold.
   */
  readonly reason: Gap['reason'] | 'reconnected' | 'paused';
  /** Epoch milliseconds; both null where nobody knows. */
  readonly from: number | null;
  readonly to: number | null;
  /** Lines left out; null where they were never counted. */
  readonly count: number | null;
  /** The hub was asked for them, and keeps no more than are here. */
  readonly isLost?: true;
}

/** Lines of one host follow that came late: they stand where they came, not where their times would have put them. */
export interface LateRow {
  readonly kind: 'late';
  readonly host: string;
  /** Epoch milliseconds of the first and the last of them. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Rows that are no lines, and say something about those around them. */
export type MarkRow = GapRow | LateRow;
export type LogRow = LineRow | MarkRow;

/** What one row costs beside its text: the objects around it, as measured in Chromium. */
const rowOverheadBytes = 250;

/** An estimate in bytes, rather too high: two per UTF-16 unit, plus the objects. */
export function sizeOfRow(row: LogRow): number {
  if (row.kind !== 'line') return rowOverheadBytes;
  const { text, source, fields } = row.line;
  let bytes = rowOverheadBytes + 2 * (text.length + source.length);
  if (fields === undefined) return bytes;
  for (const key in fields) {
    const value = fields[key];
    bytes += 32 + 2 * key.length + (typeof value === 'string' ? 2 * value.length : 8);
  }
  return bytes;
}

/** True for a line that says again what the one before said. */
export function isRepeat(before: LogLine, line: LogLine): boolean {
  return (
    before.text === line.text &&
    before.source === line.source &&
    before.level === line.level &&
    before.host === line.host
  );
}

/** True for the same line sent twice. */
export function isSameLine(a: LogLine, b: LogLine): boolean {
  return a.time === b.time && isRepeat(a, b);
}
