/** Reads dates and times at a place in a line: the building blocks of the formats. */
import type { Clock, ClockTime } from './clock.ts';
import { digits, isDigit } from './scan.ts';

export interface Scanned<Value> {
  value: Value;
  /** Just behind what was read. */
  end: number;
}

/** "03:04:05", "3:04:05", with ".678901" or ",678" behind it, or "03:04" alone. */
export function scanClockTime(text: string, at: number): Scanned<ClockTime> | null {
  const hourDigits = text.charCodeAt(at + 1) === 58 ? 1 : 2;
  const hour = digits(text, at, hourDigits);
  let end = at + hourDigits;
  const minute = digits(text, end + 1, 2);
  if (hour < 0 || hour > 23 || text.charCodeAt(end) !== 58 || minute < 0 || minute > 59) return null;
  end += 3;
  let second = 0;
  let ms = 0;
  if (text.charCodeAt(end) === 58) {
    second = digits(text, end + 1, 2);
    if (second < 0 || second > 60) return null;
    end += 3;
    const mark = text.charCodeAt(end);
    if ((mark === 46 || mark === 44) && isDigit(text.charCodeAt(end + 1))) {
      let scale = 100;
      for (end++; isDigit(text.charCodeAt(end)); end++) {
        if (scale >= 1) ms += (text.charCodeAt(end) - 48) * scale;
        scale /= 10;
      }
    }
  }
  return { value: { hour, minute, second, ms }, end };
}

/**
 * "Z", "+01:00", "-0800", "+01", with at most one blank before, and " UTC" or " GMT": minutes east of UTC.
 * Null with the same end where no zone is written.
 */
export function scanZone(text: string, at: number): Scanned<number | null> {
  const blank = text.charCodeAt(at) === 32 ? 1 : 0;
  const start = at + blank;
  const sign = text.charCodeAt(start);
  if (sign === 90) return { value: 0, end: start + 1 };
  if (blank === 1 && (text.startsWith('UTC', start) || text.startsWith('GMT', start))) {
    return { value: 0, end: start + 3 };
  }
  if (sign !== 43 && sign !== 45) return { value: null, end: at };
  const hours = digits(text, start + 1, 2);
  if (hours < 0 || hours > 14) return { value: null, end: at };
  const colon = text.charCodeAt(start + 3) === 58 ? 1 : 0;
  const minutes = digits(text, start + 3 + colon, 2);
  const total = hours * 60 + Math.max(minutes, 0);
  return { value: sign === 45 ? -total : total, end: minutes < 0 ? start + 3 : start + 5 + colon };
}

/** "2026-01-02T03:04:05.678Z", "2026/01/02 03:04:05", "2026-01-02  03:04:05": epoch milliseconds. */
export function scanDateTime(text: string, at: number, clock: Clock): Scanned<number> | null {
  const separator = text.charCodeAt(at + 4);
  if ((separator !== 45 && separator !== 47) || text.charCodeAt(at + 7) !== separator) return null;
  const year = digits(text, at, 4);
  const month = digits(text, at + 5, 2);
  const day = digits(text, at + 8, 2);
  const between = text.charCodeAt(at + 10);
  if (year < 0 || month < 0 || day < 0 || (between !== 32 && between !== 84)) return null;
  const time = scanClockTime(text, text.charCodeAt(at + 11) === 32 ? at + 12 : at + 11);
  if (time === null) return null;
  const zone = scanZone(text, time.end);
  const value = clock.at(year, month, day, time.value, zone.value);
  return Number.isNaN(value) ? null : { value, end: zone.end };
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size; null outside 2001-2286. */
export function epochToMs(value: number): number | null {
  if (value >= 1e9 && value < 1e10) return Math.round(value * 1000);
  if (value >= 1e12 && value < 1e13) return Math.round(value);
  if (value >= 1e15 && value < 1e16) return Math.round(value / 1e3);
  if (value >= 1e18 && value < 1e19) return Math.round(value / 1e6);
  return null;
}
