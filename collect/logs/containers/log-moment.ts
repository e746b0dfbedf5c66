/** The moment that an engine puts before each line, to the nanosecond: what reading goes on from. */
import { Buffer } from 'node:buffer';

/** Docker takes a line in pieces of so many bytes, and puts a moment before each. */
const PIECE_BYTES = 16 * 1024;
const MOST_MOMENT_BYTES = 41;

export interface LogMoment {
  /** Seconds since 1970 with nine decimals, as the API's `since` takes it. All are of one length, so that they order as text. */
  seconds: string;
  /** Epoch milliseconds. */
  ms: number;
  /** Where the line itself begins. */
  end: number;
}

/** Podman knows no finer ones. */
export function isWholeSecond({ seconds }: Pick<LogMoment, 'seconds'>): boolean {
  return seconds.endsWith('.000000000');
}

/** "2026-01-02T03:04:05.678901234Z text", with an offset too; null where the line begins with no such thing. */
export function scanMoment(line: string): LogMoment | null {
  const end = line.indexOf(' ');
  if (end < 20 || end > 40) return null;
  const [, whole, fraction = '', zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(line.slice(0, end)) ?? [];
  if (whole === undefined) return null;
  const ms = Date.parse(`${whole}${zone}`);
  if (Number.isNaN(ms)) return null;
  const nanoseconds = fraction.padEnd(9, '0');
  return {
    seconds: `${String(ms / 1000).padStart(10, '0')}.${nanoseconds}`,
    ms: ms + Math.floor(Number(nanoseconds) / 1e6),
    end: end + 1,
  };
}

/**
 * The text of a line without the moments of its further pieces. For containers with a terminal, whose output has no frames that would tell
 * the pieces apart: what looks like a moment where a piece of Docker's begins is taken for one. Where a piece ends within a character it is
 * not found, and stays.
 */
export function withoutInnerMoments(text: string): string {
  if (Buffer.byteLength(text) <= PIECE_BYTES) return text;
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  let at = 0;
  for (;;) {
    const next = at + PIECE_BYTES;
    const moment = scanMoment(bytes.toString('latin1', next, next + MOST_MOMENT_BYTES));
    if (moment === null) break;
    pieces.push(bytes.subarray(at, next));
    at = next + moment.end;
  }
  return at === 0 ? text : Buffer.concat([...pieces, bytes.subarray(at)]).toString();
}
