/** The moment that an engine puts before each line, to the nanosecond: what reading goes on from. */

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
