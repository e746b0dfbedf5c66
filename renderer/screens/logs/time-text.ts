/** The time of a log line, to the millisecond, in a fixed width. */

/** "14:03:12.345". Written by hand: a tail formats thousands of these a second, and Intl takes its time. */
export function lineClock(time: number, isUtc: boolean): string {
  const date = new Date(time);
  return isUtc
    ? clock(date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds())
    : clock(date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds());
}

/** "11-20": shown before the clock where not all lines are of today. */
export function lineDay(time: number, isUtc: boolean): string {
  const date = new Date(time);
  return isUtc
    ? `${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`
    : `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** "2026-11-20 14:03:12.345 UTC", or with the offset of the reader's zone: "+02:00". */
export function fullTime(time: number, isUtc: boolean): string {
  const date = new Date(time);
  const year = isUtc ? date.getUTCFullYear() : date.getFullYear();
  return `${year}-${lineDay(time, isUtc)} ${lineClock(time, isUtc)} ${isUtc ? 'UTC' : zone(-date.getTimezoneOffset())}`;
}

function zone(minutesEast: number): string {
  const size = Math.abs(minutesEast);
  return `${minutesEast < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function clock(hours: number, minutes: number, seconds: number, ms: number): string {
  return `${two(hours)}:${two(minutes)}:${two(seconds)}.${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}`;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
