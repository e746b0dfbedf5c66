/** One entry of `journalctl -o json` (systemd: Journal JSON Format), parsed from unknown input exactly once. */
import { Buffer } from 'node:buffer';
import { MAX_LOG_LINE_BYTES } from '../../../shared/protocol.ts';

/** What journalctl is asked for; `__CURSOR` and `__REALTIME_TIMESTAMP` (microseconds) come always. */
export const journalFields = [
  'MESSAGE',
  'PRIORITY',
  'SYSLOG_IDENTIFIER',
  '_SYSTEMD_UNIT',
  '_COMM',
  '_TRANSPORT',
] as const;

type JournalField = (typeof journalFields)[number] | '__CURSOR' | '__REALTIME_TIMESTAMP';

export interface JournalEntry {
  cursor: string;
  /** Epoch milliseconds. */
  time: number;
  text: string;
  isTruncated: boolean;
  /** 0-7; null where the entry has none. */
  severity: number | null;
  /** The identifier, else the unit, else the command. */
  source: string;
  unit: string | null;
  /** True where the entry is a line some program wrote to its standard output: its priority is then only the default. */
  isFromStdout: boolean;
}

/** Null for what is no journal entry. */
export function parseJournalEntry(json: string): JournalEntry | null {
  const entry = parseObject(json);
  if (entry === null) return null;
  const cursor = text(entry.__CURSOR);
  const time = Math.floor(Number(text(entry.__REALTIME_TIMESTAMP) ?? NaN) / 1000);
  if (cursor === null || !Number.isSafeInteger(time)) return null;
  const whole = text(entry.MESSAGE) ?? '';
  const unit = text(entry._SYSTEMD_UNIT);
  const severity = Number(text(entry.PRIORITY) ?? NaN);
  const source =
    text(entry.SYSLOG_IDENTIFIER) ?? unit?.replace(/\.service$/, '') ?? text(entry._COMM) ?? 'journal';
  return {
    cursor,
    time,
    text: whole.slice(0, MAX_LOG_LINE_BYTES),
    isTruncated: whole.length > MAX_LOG_LINE_BYTES,
    severity: severity >= 0 && severity <= 7 ? severity : null,
    source: source.slice(0, 255),
    unit,
    isFromStdout: text(entry._TRANSPORT) === 'stdout',
  };
}

/**
 * A cursor names the file's series (s), the number in it (i), and then boot, times and contents of the entry. An entry that moved
 * from memory to disk (`journalctl --flush`) is the same by all but the first two.
 */
export function isSameEntry(cursor: string, other: string): boolean {
  return entryPart(cursor) === entryPart(other);
}

function entryPart(cursor: string): string {
  return cursor.replace(/^s=[^;]*;i=[^;]*;(?=.)/, '');
}

function parseObject(json: string): Partial<Record<JournalField, unknown>> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/**
 * A field is text; an array of byte values where it is no UTF-8; null where it was too long; and an array
 * of those where it is given more than once, of which the first counts.
 */
function text(field: unknown): string | null {
  const value = Array.isArray(field) && !field.every(isByte) ? (field as readonly unknown[])[0] : field;
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.every(isByte) ? Buffer.from(value).toString('utf8') : null;
}

function isByte(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
}
