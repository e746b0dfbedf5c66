/** One entry of `journalctl -o json` (systemd: Journal JSON Format), parsed from unknown input exactly once. */
import { Buffer } from 'node:buffer';
import * as z from 'zod';
import { MAX_LOG_LINE_BYTES } from '../../../shared/protocol.ts';

/** Text; an array of byte values where the field is no UTF-8; null where it was too long; an array of those where it is given twice. */
const bytes = z.array(z.int().min(0).max(255));
const value = z.union([z.string(), bytes, z.null()]);
const field = z.union([value, z.array(value)]).optional();

const record = z.object({
  __CURSOR: z.string(),
  __REALTIME_TIMESTAMP: z.string(),
  MESSAGE: field,
  PRIORITY: field,
  SYSLOG_IDENTIFIER: field,
  _SYSTEMD_UNIT: field,
  _COMM: field,
  _PID: field,
  _TRANSPORT: field,
});

/** What journalctl is asked for; cursor and times come always. */
export const journalFields = Object.keys(record.shape).filter((name) => !name.startsWith('__'));

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
  const parsed = record.safeParse(parseJson(json));
  if (!parsed.success) return null;
  const entry = parsed.data;
  const time = Math.floor(Number(entry.__REALTIME_TIMESTAMP) / 1000);
  if (!Number.isSafeInteger(time)) return null;
  const whole = text(entry.MESSAGE) ?? '';
  const unit = text(entry._SYSTEMD_UNIT);
  const severity = Number(text(entry.PRIORITY) ?? NaN);
  const source =
    text(entry.SYSLOG_IDENTIFIER) ?? unit?.replace(/\.service$/, '') ?? text(entry._COMM) ?? 'journal';
  return {
    cursor: entry.__CURSOR,
    time,
    text: whole.slice(0, MAX_LOG_LINE_BYTES),
    isTruncated: whole.length > MAX_LOG_LINE_BYTES,
    severity: severity >= 0 && severity <= 7 ? severity : null,
    source: source.slice(0, 255),
    unit,
    isFromStdout: text(entry._TRANSPORT) === 'stdout',
  };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function text(given: z.infer<typeof field>): string | null {
  if (given === undefined || given === null) return null;
  if (typeof given === 'string') return given;
  const isBytes = bytes.safeParse(given);
  if (isBytes.success) return Buffer.from(isBytes.data).toString('utf8');
  const [first] = given as z.infer<typeof value>[];
  return text(first);
}
