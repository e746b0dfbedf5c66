/** Small steps over a line by character code: no regular expression runs over a whole line, so none can hang. */

/** `count` decimal digits at `at`; -1 where there are none. */
export function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    // Past the end charCodeAt gives NaN, which no comparison holds for.
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Two digits, or a blank and one: the day of a month as syslog and ctime write it. */
export function paddedDay(text: string, at: number): number {
  return text.charCodeAt(at) === 32 ? digits(text, at + 1, 1) : digits(text, at, 2);
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

const months = new Map(
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map((name, i) => [
    name,
    i + 1,
  ]),
);

/** 1-12 for an English three-letter month at `at`; -1 otherwise. */
export function monthName(text: string, at: number): number {
  return months.get(text.slice(at, at + 3)) ?? -1;
}

/** Where the blanks that start at `at` end. */
export function skipBlanks(text: string, at: number): number {
  let i = at;
  while (text.charCodeAt(i) === 32) i++;
  return i;
}
