/** The lines of the tailer's benchmark: as long as lines are, with a time, a level and fields, a number and a moment of writing. */

export const LINE_BYTES = 120;
export const NUMBER_DIGITS = 9;
/** Microseconds of the machine's monotonic clock, which all processes share. */
export const STAMP_DIGITS = 14;

const HEAD = '2026-01-02T03:04:05.678Z INFO request served ';

export const NUMBER_AT = HEAD.length + 'number='.length;
export const STAMP_AT = NUMBER_AT + NUMBER_DIGITS + ' stamp='.length;

/** With its end; number and moment are zero. */
export function numberedLine(): string {
  const start = `${HEAD}number=${'0'.repeat(NUMBER_DIGITS)} stamp=${'0'.repeat(STAMP_DIGITS)} path=/`;
  return `${start.padEnd(LINE_BYTES - 1, 'x')}\n`;
}

/** Digits at a place of a line, as a number; NaN for others. */
export function numberAt(line: string, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) value = value * 10 + line.charCodeAt(i) - 48;
  return value;
}
