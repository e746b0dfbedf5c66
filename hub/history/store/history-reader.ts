/** The port of history: what can be read of it, and in which shapes. */
import type { ProcessRow } from '../../../shared/schema/processes.ts';
import type { Tier } from './ladder.ts';

export interface BucketQuery {
  /** Host id. */
  host: string;
  /** Keys as in shared/series.ts; null: all the host has. Keys it does not have are left out of the answer. */
  series: readonly string[] | null;
  /** Epoch milliseconds, `to` excluded. Both are widened to whole buckets. */
  from: number;
  to: number;
  /**
   * Width of a bucket, in milliseconds: a whole multiple of a tier's step. It is read from the coarsest tier whose step divides it and that
   * still (or already) holds the time; where only coarser ones hold the time, their buckets stand at their beginning, and buckets between are empty. So
   * ask for no less than `finestTierAt(ladder, from, now, keptFrom).stepMs`.
   */
  stepMs: number;
}

/**
 * Columns: row `i` is of the samples from `start + i * stepMs` until `start + (i + 1) * stepMs`, the end excluded. A bucket without a sample has a
 * `count` of 0 and NaN elsewhere: unknown, never zero.
 */
export interface SeriesBuckets {
  key: string;
  min: Float64Array;
  mean: Float64Array;
  max: Float64Array;
  /** Samples in it. */
  count: Float64Array;
  /** The newest sample of it. */
  last: Float64Array;
}

export interface HostBuckets {
  host: string;
  /** Epoch milliseconds of the first bucket; a whole multiple of `stepMs`. */
  start: number;
  stepMs: number;
  /** Buckets, the same for every series. */
  length: number;
  /** In the order asked for; of all, in the order of a sample. A series without a sample in the window is left out. */
  series: SeriesBuckets[];
  /** What could not be read although it was written, one sentence for people; null: nothing. */
  trouble: string | null;
}

export interface ProcessesQuery {
  host: string;
  /** Epoch milliseconds, `to` excluded. */
  from: number;
  to: number;
}

/** The process table of one moment: the rows of the top 15 by CPU, by memory and by I/O. */
export interface KeptProcesses {
  /** Epoch milliseconds. */
  time: number;
  total: number;
  running: number;
  rows: ProcessRow[];
}

export interface HostExtent {
  /** Epoch milliseconds of the oldest and newest sample kept; null: none is. The oldest is exact to a span of its tier. */
  oldest: number | null;
  newest: number | null;
  /**
   * Of each tier of the ladder, and the same for every host: what is older was dropped, in epoch milliseconds. Where room is short that is
   * later than the ladder says.
   */
  keptFrom: readonly number[];
}

/**
 * Reads what was taken before the call, the newest sample included. Rejects with a `ProblemError` 429 (`history-busy`) where too many reads wait, 400
 * (`history-too-much`) past `MAX_QUERY_BUCKETS`, 503 (`history-unreadable`) where the disk does not answer, and with the signal's reason where nobody
 * waits any more.
 */
export interface HistoryReader {
  readonly ladder: readonly Tier[];
  /** What keeps samples from being kept, one sentence for people; null: nothing does. */
  readonly trouble: string | null;
  buckets(query: BucketQuery, signal: AbortSignal): Promise<HostBuckets>;
  /** Oldest first: one table every 10 s. */
  processes(query: ProcessesQuery, signal: AbortSignal): Promise<KeptProcesses[]>;
  extent(host: string, signal: AbortSignal): Promise<HostExtent>;
}

/** Buckets of one query, of all its series together: 40 bytes each. */
export const MAX_QUERY_BUCKETS = 1_000_000;
