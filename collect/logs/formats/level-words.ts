/** Levels from the words, numbers and letters that programs write. */
import type { LogLevel } from '../../../shared/log-level.ts';

const words = new Map<string, LogLevel>(
  Object.entries({
    trace: ['TRACE', 'TRC', 'FINEST', 'FINER', 'SILLY'],
    debug: ['DEBUG', 'DBG', 'FINE', 'VERBOSE'],
    info: ['INFO', 'INF', 'INFORMATION', 'INFORMATIONAL', 'NOTICE', 'LOG'],
    warn: ['WARN', 'WARNING', 'WRN'],
    error: ['ERROR', 'ERR', 'SEVERE'],
    fatal: ['FATAL', 'FTL', 'CRITICAL', 'CRIT', 'ALERT', 'EMERG', 'EMERGENCY', 'PANIC'],
  }).flatMap(([level, names]) => names.map((name) => [name, level as LogLevel] as const)),
);

const letters: Record<string, LogLevel> = {
  T: 'trace',
  D: 'debug',
  I: 'info',
  N: 'info',
  W: 'warn',
  E: 'error',
  C: 'fatal',
  F: 'fatal',
};

const LONGEST_WORD = 13;
/** A level stands near the start of a line; further on a word is part of the message. */
const SEARCHED = 160;

/** "warning", "ERR", "I": any case; null for other words. */
export function levelOfWord(word: string): LogLevel | null {
  if (word.length > LONGEST_WORD) return null;
  const upper = word.toUpperCase();
  return words.get(upper) ?? (upper.length === 1 ? (letters[upper] ?? null) : null);
}

/** RFC 5424 severity, 0 (emergency) to 7 (debug). */
export function levelOfSeverity(severity: number): LogLevel {
  if (severity <= 2) return 'fatal';
  if (severity === 3) return 'error';
  if (severity === 4) return 'warn';
  return severity === 7 ? 'debug' : 'info';
}

/** pino and bunyan: 10, 20 ... 60. */
export function levelOfTens(value: number): LogLevel | null {
  if (!(value >= 10 && value <= 60)) return null;
  return (['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)[Math.floor(value / 10) - 1]!;
}

export function levelOfStatus(status: number): LogLevel {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
}

/**
 * The first level word in the text that stands as one: in capitals ("ERROR"), in brackets ("[warn]"), or
 * before a colon ("error: ..."). "no error found" and "/ERROR/" have none.
 */
export function findLevel(text: string, from: number): LogLevel | null {
  const end = Math.min(text.length, from + SEARCHED);
  for (let i = from; i < end; i++) {
    if (!isLetter(text.charCodeAt(i))) continue;
    const start = i;
    let isCapital = true;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (!isLetter(code)) break;
      if (code > 90) isCapital = false;
    }
    const length = i - start;
    if (length > LONGEST_WORD || length === 2) continue;
    const before = start === 0 ? 32 : text.charCodeAt(start - 1);
    const after = i < text.length ? text.charCodeAt(i) : 32;
    if (length === 1 && !(before === OPEN && after === CLOSE)) continue;
    if (!(isCapital ? standsAlone(before, after) : isMarked(before, after))) continue;
    const level = levelOfWord(text.slice(start, i));
    if (level !== null) return level;
  }
  return null;
}

/** A coloured word near the start that is a level: its colour sets it apart, as brackets do. */
export function findColouredLevel(text: string): LogLevel | null {
  for (const [, word] of text.slice(0, SEARCHED).matchAll(colouredWord)) {
    const level = levelOfWord(word!);
    if (level !== null) return level;
  }
  return null;
}

// eslint-disable-next-line no-control-regex
const colouredWord = /\u001b\[[0-9;]{1,16}m ?\[?([A-Za-z]{3,13})\]?:? ?\u001b\[/g;

const OPEN = 91;
const CLOSE = 93;

/** Not part of a path, a name or a constant: "/ERROR", "ERROR_CODE", "x.ERROR". */
function standsAlone(before: number, after: number): boolean {
  return !isJoint(before) && !isJoint(after) && !isDigitCode(before) && !isDigitCode(after);
}

/** "[error]", "<warn>", "(info)", "error: ", but no ":error:" of a path or address. */
function isMarked(before: number, after: number): boolean {
  if (after === 58) return before === 32 || before === 58 || before === OPEN || before === 9;
  return (
    (before === OPEN && after === CLOSE) ||
    (before === 60 && after === 62) ||
    (before === 40 && after === 41) ||
    // "[core:error]" as Apache writes it.
    (before === 58 && after === CLOSE)
  );
}

function isJoint(code: number): boolean {
  return code === 45 || code === 46 || code === 47 || code === 95 || code === 64 || code === 92;
}

function isDigitCode(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}
