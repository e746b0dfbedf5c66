/** How the formats of the table in line-formats.ts are recognised, each by looking at fixed places of a line. */
import type { LogLevel } from '../../../shared/log-level.ts';
import type { Clock } from './clock.ts';
import { epochToMs, scanClockTime, scanDateTime, scanZone } from './date-time.ts';
import type { Fields } from './fields.ts';
import { isLetter, levelOfSeverity, levelOfStatus, levelOfWord } from './level-words.ts';
import { digits, isDigit, monthName, paddedDay, skipBlanks } from './scan.ts';

export interface Recognised {
  /** Epoch milliseconds; null where the format has none. */
  time: number | null;
  level: LogLevel | null;
  /** Where the message starts: level words and fields are looked for from here. */
  body: number;
  /** What the format itself names. Left out: nothing. */
  fields?: Fields;
}

export function syslog5424(text: string, clock: Clock): Recognised | null {
  const priority = scanPriority(text);
  if (priority === null || !text.startsWith('1 ', priority.end)) return null;
  const time = scanDateTime(text, priority.end + 2, clock);
  return time && { time: time.value, level: priority.level, body: time.end };
}

export function prioritySyslog(text: string, clock: Clock): Recognised | null {
  const priority = scanPriority(text);
  if (priority === null) return null;
  const stamp = scanSyslog(text, priority.end, clock);
  return { time: stamp?.time ?? null, level: priority.level, body: stamp?.body ?? priority.end };
}

export function plainSyslog(text: string, clock: Clock): Recognised | null {
  return scanSyslog(text, 0, clock);
}

export function javaUtilLogging(text: string, clock: Clock): Recognised | null {
  const month = monthName(text, 0);
  const dayDigits = text.charCodeAt(5) === 44 ? 1 : 2;
  const comma = 4 + dayDigits;
  if (month < 0 || !text.startsWith(', ', comma)) return null;
  const time = scanClockTime(text, comma + 7);
  if (time === null) return null;
  const half = text.slice(time.end + 1, time.end + 3);
  if (half === 'PM' && time.value.hour < 12) time.value.hour += 12;
  if (half === 'AM' && time.value.hour === 12) time.value.hour = 0;
  const value = clock.at(digits(text, comma + 2, 4), month, digits(text, 4, dayDigits), time.value, null);
  return stamped(value, null, time.end);
}

export function isoAtStart(text: string, clock: Clock): Recognised | null {
  return isoAt(text, 0, clock);
}

export function isoInBrackets(text: string, clock: Clock): Recognised | null {
  return isoAt(text, 1, clock);
}

export function ctimeInBrackets(text: string, clock: Clock): Recognised | null {
  return ctimeAt(text, 1, clock);
}

export function ctimeAtStart(text: string, clock: Clock): Recognised | null {
  return ctimeAt(text, 0, clock);
}

export function klog(text: string, clock: Clock): Recognised | null {
  const month = digits(text, 1, 2);
  const day = digits(text, 3, 2);
  if (month < 0 || day < 0 || text.charCodeAt(5) !== 32) return null;
  const time = scanClockTime(text, 6);
  return time && stamped(clock.withoutYear(month, day, time.value), levelOfWord(text[0]!), time.end);
}

export function redis(text: string, clock: Clock): Recognised | null {
  const colon = text.indexOf(':');
  if (colon < 1 || colon > 10 || text.charCodeAt(colon + 2) !== 32) return null;
  const stamp = dayMonthYearAt(text, colon + 3, ' ', clock);
  return stamp && { ...stamp, level: redisLevel(text.charAt(stamp.body + 1)) };
}

export function tomcat(text: string, clock: Clock): Recognised | null {
  return dayMonthYearAt(text, 0, '-', clock);
}

/** "[02-Jan-2026 03:04:05 UTC] PHP Warning: ...": the machine's own time where no zone is named. */
export function php(text: string, clock: Clock): Recognised | null {
  return dayMonthYearAt(text, 1, '-', clock);
}

/** "W, [2026-01-02T03:04:05.678901 #123]  WARN -- : ..." */
export function rubyLogger(text: string, clock: Clock): Recognised | null {
  const time = text.startsWith(', [', 1) ? scanDateTime(text, 4, clock) : null;
  return time && { time: time.value, level: levelOfWord(text[0]!), body: time.end };
}

/** "INFO 2026-01-02 03:04:05,678 ...", "[ERROR] 2026-01-02 ..." */
export function levelThenIso(text: string, clock: Clock): Recognised | null {
  const start = text.charCodeAt(0) === 91 ? 1 : 0;
  let end = start;
  while (isLetter(text.charCodeAt(end))) end++;
  const level = end > start ? levelOfWord(text.slice(start, end)) : null;
  if (level === null) return null;
  // Behind its bracket or its colon.
  const next = text.charCodeAt(end);
  const time = scanDateTime(text, skipBlanks(text, next === 93 || next === 58 ? end + 1 : end), clock);
  return time && { time: time.value, level, body: time.end };
}

/** "01-02 03:04:05.678  1234  5678 E Tag: ..." */
export function logcat(text: string, clock: Clock): Recognised | null {
  if (text.charCodeAt(2) !== 45 || text.charCodeAt(5) !== 32) return null;
  const time = scanClockTime(text, 6);
  const found = time && /^ +\d+ +\d+ ([VDIWEFA]) /.exec(text.slice(time.end, time.end + 32));
  if (!found) return null;
  const value = clock.withoutYear(digits(text, 0, 2), digits(text, 3, 2), time.value);
  return stamped(value, logcatLevels[found[1]!] ?? levelOfWord(found[1]!), time.end + found[0].length);
}

/** Verbose and assert. */
const logcatLevels: Record<string, LogLevel> = { V: 'trace', A: 'fatal' };

export function epoch(text: string): Recognised | null {
  let end = 1;
  while (end < 20 && isDigit(text.charCodeAt(end))) end++;
  if (end < 10) return null;
  if (end === 10 && text.charCodeAt(10) === 46) for (end++; end < 20 && isDigit(text.charCodeAt(end));) end++;
  const next = text.charCodeAt(end);
  if (end < text.length && next !== 32 && next !== 9 && next !== 44 && next !== 58) return null;
  const time = epochToMs(Number(text.slice(0, end)));
  return time === null ? null : { time, level: null, body: end };
}

export function timeOfDay(text: string, clock: Clock): Recognised | null {
  const time = text.charCodeAt(5) === 58 ? scanClockTime(text, 0) : null;
  return time && stamped(clock.withoutDay(time.value), null, time.end);
}

export function kernelRing(text: string): Recognised | null {
  const start = skipBlanks(text, 1);
  const end = text.indexOf(']', start);
  const isUptime = end > start && end < 20 && /^\d{1,10}\.\d{6}$/.test(text.slice(start, end));
  return isUptime ? { time: null, level: null, body: end + 1 } : null;
}

export function aptHistory(text: string, clock: Clock): Recognised | null {
  return afterWord(text, ['Start-Date: ', 'End-Date: '], clock);
}

export function aptTerminal(text: string, clock: Clock): Recognised | null {
  return afterWord(text, ['Log started: ', 'Log ended: '], clock);
}

export function updateAlternatives(text: string, clock: Clock): Recognised | null {
  return afterWord(text, ['update-alternatives '], clock);
}

export function linuxAudit(text: string): Recognised | null {
  const at = text.startsWith('type=') ? text.indexOf(' msg=audit(') : -1;
  if (at === -1 || at > 64) return null;
  const time = epochToMs(Number(text.slice(at + 11, at + 25)));
  return time === null ? null : { time, level: null, body: 0 };
}

export function pythonTraceback(text: string): Recognised | null {
  return text.startsWith('Traceback (most recent') ? { time: null, level: 'error', body: 0 } : null;
}

function stamped(time: number, level: LogLevel | null, body: number): Recognised | null {
  return Number.isNaN(time) ? null : { time, level, body };
}

function isoAt(text: string, at: number, clock: Clock): Recognised | null {
  const time = scanDateTime(text, at, clock);
  if (time === null) return null;
  // The container runtime puts the stream and a full-line mark before the line itself.
  const isContainer = text.startsWith(' stderr F ', time.end) || text.startsWith(' stdout F ', time.end);
  return { time: time.value, level: null, body: isContainer ? time.end + 10 : time.end };
}

/** "<13>": facility x 8 + severity, RFC 5424 section 6.2.1. */
function scanPriority(text: string): { level: LogLevel; end: number } | null {
  const close = text.indexOf('>');
  if (close < 2 || close > 4) return null;
  const priority = digits(text, 1, close - 1);
  return priority < 0 || priority > 191 ? null : { level: levelOfSeverity(priority & 7), end: close + 1 };
}

/** "Jan  2 03:04:05 host tag[pid]: message"; the body is the message. */
function scanSyslog(text: string, at: number, clock: Clock): Recognised | null {
  const month = monthName(text, at);
  if (month < 0) return null;
  const time = scanClockTime(text, at + 7);
  const day = paddedDay(text, at + 4);
  if (time === null || day < 1) return null;
  const tagEnd = text.indexOf(': ', time.end);
  const body = tagEnd === -1 || tagEnd > time.end + 128 ? time.end : tagEnd + 2;
  return stamped(clock.withoutYear(month, day, time.value), null, body);
}

/** "Fri Jan  2 03:04:05 2026", the year last. */
function ctimeAt(text: string, at: number, clock: Clock): Recognised | null {
  const month = monthName(text, at + 4);
  if (month < 0 || text.charCodeAt(at + 3) !== 32) return null;
  const day = paddedDay(text, at + 8);
  const time = scanClockTime(text, at + 11);
  if (day < 1 || time === null) return null;
  const year = digits(text, time.end + 1, 4);
  return year < 0
    ? stamped(clock.withoutYear(month, day, time.value), null, time.end)
    : stamped(clock.at(year, month, day, time.value, null), null, time.end + 5);
}

/** "02 Jan 2026 03:04:05.678" and "02-Jan-2026 03:04:05.678". */
function dayMonthYearAt(text: string, at: number, separator: string, clock: Clock): Recognised | null {
  if (text[at + 2] !== separator || text[at + 6] !== separator) return null;
  const month = monthName(text, at + 3);
  const day = digits(text, at, 2);
  const year = digits(text, at + 7, 4);
  const time = scanClockTime(text, at + 12);
  if (month < 0 || day < 0 || year < 0 || time === null) return null;
  const zone = text.startsWith(' UTC]', time.end) ? 0 : null;
  return stamped(clock.at(year, month, day, time.value, zone), null, time.end);
}

/** ". - * #": debug, verbose, notice, warning (redis.conf, loglevel). */
function redisLevel(mark: string): LogLevel | null {
  if (mark === '.' || mark === '-') return 'debug';
  if (mark === '*') return 'info';
  return mark === '#' ? 'warn' : null;
}

export function accessLog(text: string, clock: Clock): Recognised | null {
  const open = text.indexOf(' [');
  if (open < 1 || open > 256) return null;
  const at = open + 2;
  if (text.charCodeAt(at + 2) !== 47 || text.charCodeAt(at + 6) !== 47) return null;
  // Werkzeug writes a blank there.
  if (text.charCodeAt(at + 11) !== 58 && text.charCodeAt(at + 11) !== 32) return null;
  const time = scanClockTime(text, at + 12);
  const month = monthName(text, at + 3);
  if (time === null || month < 0) return null;
  const zone = scanZone(text, time.end);
  const value = clock.at(digits(text, at + 7, 4), month, digits(text, at, 2), time.value, zone.value);
  // The request is quoted, and quotes in it are escaped as \" or \x22: the next plain one closes it.
  const quote = text.indexOf('" ', zone.end + 3);
  const status = quote === -1 ? -1 : digits(text, quote + 2, 3);
  const isAnswer = status >= 100;
  const recognised = stamped(value, isAnswer ? levelOfStatus(status) : null, text.length);
  if (recognised !== null && isAnswer) recognised.fields = answerFields(text, zone.end + 3, quote, status);
  return recognised;
}

/** Of `GET /path HTTP/1.1" 200 153`, which begins at `from`; what a client sent in its place is no request. */
function answerFields(text: string, from: number, quote: number, status: number): Fields {
  const fields: Fields = {};
  const blank = text.indexOf(' ', from);
  const version = text.lastIndexOf(' HTTP/', quote);
  if (blank < version && /^[A-Z]{3,16}$/.test(text.slice(from, blank))) {
    fields['method'] = text.slice(from, blank);
    fields['path'] = text.slice(blank + 1, version);
  }
  fields['status'] = status;
  const bytes = Number.parseInt(text.slice(quote + 6, quote + 22), 10);
  if (bytes >= 0) fields['bytes'] = bytes;
  return fields;
}

function afterWord(text: string, words: readonly string[], clock: Clock): Recognised | null {
  const word = words.find((candidate) => text.startsWith(candidate));
  const time = word === undefined ? null : scanDateTime(text, word.length, clock);
  return time && { time: time.value, level: null, body: time.end };
}
