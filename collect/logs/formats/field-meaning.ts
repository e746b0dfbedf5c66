/** The level and the time among a line's fields, by the names that loggers give them. */
import type { LogLevel } from '../../../shared/log-level.ts';
import type { LogFieldValue } from '../../../shared/schema/logs.ts';
import type { Clock } from './clock.ts';
import { epochToMs, scanDateTime } from './date-time.ts';
import type { Fields } from './fields.ts';
import { levelOfSeverity, levelOfStatus, levelOfTens, levelOfWord } from './level-words.ts';

const levelKeys = [
  'level',
  'severity',
  'lvl',
  'loglevel',
  'log.level',
  'levelname',
  '@level',
  'priority',
  'log_level',
  'level_name',
  'severity_text',
  'severityText',
  'SeverityText',
  'Level',
  'Severity',
  'LogLevel',
  '@l',
  's',
];
const timeKeys = [
  'time',
  'timestamp',
  '@timestamp',
  'ts',
  't',
  'datetime',
  'date',
  '@t',
  'asctime',
  't.$date',
];
/** Of an answer, as access logs in JSON and logfmt name it. */
const statusKeys = [
  'status',
  'status_code',
  'statusCode',
  'http.status_code',
  'http.response.status_code',
  'res.statusCode',
  'response.status',
];

const levelNames = namesOf(levelKeys);
const timeNames = namesOf(timeKeys);
const statusNames = namesOf(statusKeys);

export function levelOfFields(fields: Fields): LogLevel | null {
  for (const key of keysAmong(fields, levelNames)) {
    const value = fields[key];
    if (typeof value === 'string' && !/^\d\d?$/.test(value)) return levelOfWord(value);
    // Below 10 it is a syslog severity; pino and bunyan start at 10.
    if (typeof value === 'number' || typeof value === 'string') {
      const number = Number(value);
      return number >= 0 && number <= 7 ? levelOfSeverity(number) : levelOfTens(number);
    }
  }
  return null;
}

export function levelOfStatusField(fields: Fields): LogLevel | null {
  for (const key of keysAmong(fields, statusNames)) {
    const status = Number(fields[key] ?? NaN);
    if (Number.isInteger(status) && status >= 100 && status <= 599) return levelOfStatus(status);
  }
  return null;
}

export function timeOfFields(fields: Fields, clock: Clock): number | null {
  for (const key of keysAmong(fields, timeNames)) {
    const value = fields[key];
    if (value === undefined || value === null || typeof value === 'boolean') continue;
    const time = timeOfValue(value, clock);
    if (time !== null) return time;
  }
  return null;
}

function timeOfValue(value: Exclude<LogFieldValue, boolean | null>, clock: Clock): number | null {
  if (typeof value === 'number') return epochToMs(value);
  const scanned = scanDateTime(value, 0, clock);
  if (scanned !== null) return scanned.value;
  return value.length <= 20 ? epochToMs(Number(value)) : null;
}

interface Names {
  /** The first that a line has counts. */
  inOrder: readonly string[];
  rankOf: ReadonlyMap<string, number>;
}

function namesOf(inOrder: readonly string[]): Names {
  return { inOrder, rankOf: new Map(inOrder.map((name, rank) => [name, rank])) };
}

const none: readonly string[] = [];

/**
 * Names that the fields may have, in order. A line has few fields and there are many names, so where it has not the usual one its fields are
 * gone through and not the names.
 */
function keysAmong(fields: Fields, { inOrder, rankOf }: Names): readonly string[] {
  if (fields[inOrder[0]!] !== undefined) return inOrder;
  let found: string[] | null = null;
  for (const key in fields) if (rankOf.has(key)) (found ??= []).push(key);
  return found?.sort((a, b) => rankOf.get(a)! - rankOf.get(b)!) ?? none;
}
