/** What a line says of itself: its time, its level, its fields. */
import type { LogLevel } from '../../shared/log-level.ts';
import type { LogFieldValue } from '../../shared/schema/logs.ts';

export interface ParsedLine {
  /** Epoch milliseconds; null where the line names no time. */
  time: number | null;
  level: LogLevel | null;
  fields: Record<string, LogFieldValue> | null;
}

export function parseLine(text: string): ParsedLine {
  const iso = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/.exec(text.slice(0, 64));
  const time = iso === null ? NaN : Date.parse(iso[0].replace(',', '.'));
  return { time: Number.isNaN(time) ? null : time, level: null, fields: null };
}
