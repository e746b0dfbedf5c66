/** The tailers that are compared, and what one of them tells of its run. */

export const tailers = ['split', 'parse', 'coreutils', 'tail-file'] as const;
export type Tailer = (typeof tailers)[number];

export interface TailResult {
  /** Different ones. */
  lines: number;
  doubled: number;
  missing: number[];
  /** Of one core, from the first line to the last, without `lookSeconds`. */
  cpuSeconds: number;
  /** What the bench's own look at each line took of the same process. */
  lookSeconds: number;
  /** From the write of a line until it was told, in milliseconds. */
  p50Ms: number;
  p99Ms: number;
  /** The machine's monotonic clock at the last new line, in milliseconds. */
  lastAtMs: number;
  residentBytes: number;
}
