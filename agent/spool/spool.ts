/**
 * The spool: what an agent has observed and its hub has not yet acknowledged, on disk. New records are also kept in memory
 * for a moment, so that live ones go out without being read back; everything else is read from the oldest on.
 */
import type { WatchlineError } from '../../shared/errors.ts';
import type { UplinkRecord } from '../../shared/schema/uplink.ts';
import { openSegmentLog } from '../../link/segments/segment-log.ts';
import { DiskSpool } from './disk-spool.ts';
import { decodeHead, encodeHead } from './spool-head.ts';
import { changeOf, isStateRecord, type KeptState, type StateKeeper } from './spool-state.ts';
import { SpoolLosses } from './spool-losses.ts';
import { linesBehindState } from './torn-flush.ts';

const DEFAULT_BYTES = 256 * 1024 * 1024;
const DEFAULT_AGE_MS = 24 * 60 * 60_000;
const DEFAULT_FLUSH_MS = 400;
/** What goes at once where there is no room: at most this, and no more than this part of a small spool. */
const MAX_SEGMENT_BYTES = 1024 * 1024;
const LEAST_SEGMENTS = 8;

export interface SpoolOptions {
  /** Its folder; made (0700) where missing. */
  dir: string;
  /** Of this start of the agent. */
  run: string;
  /** The host's id on its hub: gaps that the spool tells carry it. */
  host: string;
  /** Milliseconds since the run began, by a clock that never jumps. Default: since the spool was opened. */
  mono?: () => number;
  /** Default 256 MiB. Past it the oldest go, counted. */
  maxBytes?: number;
  /** Default 24 h, of time in which the agent ran. */
  maxAgeMs?: number;
  /** What a SIGKILL may cost at most. Default 400 ms, so that the write is over within 500. */
  flushMs?: number;
  /** Trouble with the disk and its end (null). */
  report?: (trouble: WatchlineError | null) => void;
  /** What is kept beside the records. Default: nothing. */
  state?: StateKeeper & { load(kept: KeptState): void };
}

export interface SpoolLimits {
  records: number;
  bytes: number;
}

/** Records on their way: neither kind of take gives them again, until they are given back. */
export interface SpoolBatch {
  /** NDJSON lines of `uplinkRecord`, without their ends; in the order they were observed. */
  readonly lines: readonly Buffer[];
  /** Of the lines. */
  readonly bytes: number;
}

export interface Waiting {
  records: number;
  /** Epoch milliseconds by this machine's clock about which the oldest of it was observed. */
  since: number | null;
}

export interface Spool extends AsyncDisposable {
  /** Encodes it once, gives it the run's next sequence, and keeps it. Synchronous; never throws. */
  append(name: UplinkRecord['name'], data: unknown): void;
  /** Null: more may be appended. Else so much waits for the disk that it is better to wait until this resolves, where one can. Never rejects. */
  room(): Promise<void> | null;
  /** Everything appended so far is on disk. Never rejects, nor takes longer than 2 s: the spool goes on from memory. */
  flush(): Promise<void>;
  /**
   * What was observed just now, out of memory, and is on disk (so `flush` first), or has waited for a disk in trouble. Null:
   * nothing. What is not taken soon (past 512 KiB or 5,000 records) falls to `takeKept`. Where records were lost, the gaps that
   * say so are appended here.
   */
  takeFresh(limits: SpoolLimits): SpoolBatch | null;
  /** The oldest that are neither fresh nor on their way. Null: there are none; costs no read where there are none. */
  takeKept(limits: SpoolLimits): Promise<SpoolBatch | null>;
  /** The hub has them, or refuses them for good: neither is to be sent again. */
  acknowledge(batch: SpoolBatch): void;
  /** The request failed: `takeKept` gives them again, in their place. */
  giveBack(batch: SpoolBatch): void;
  /** What is held besides this batch: unacknowledged, on its way or not. Without a batch: all that is held. */
  waiting(batch?: SpoolBatch): Waiting;
  /** Records lost since the spool was opened: dropped for size, age or a full disk; damaged. */
  readonly counts: { readonly dropped: number; readonly damaged: number };
}

/** Throws a `SegmentLogError` where the folder cannot be used, or another agent uses it. */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { maxBytes = DEFAULT_BYTES, maxAgeMs = DEFAULT_AGE_MS, flushMs = DEFAULT_FLUSH_MS } = options;
  let losses = new SpoolLosses();
  let spool: DiskSpool | null = null;
  const log = await openSegmentLog({
    dir: options.dir,
    segmentBytes: Math.min(MAX_SEGMENT_BYTES, Math.ceil(maxBytes / LEAST_SEGMENTS)),
    maxBytes,
    maxAgeMs,
    flushMs,
    whenFull: 'drop-oldest',
    beforeWrite: () => spool?.keepState(),
    head: () => encodeHead({ losses: losses.toText(), state: options.state?.whole() ?? null }),
    report: (trouble) => spool?.reportDisk(trouble),
    dropping: (segment, why) => spool?.dropping(segment, why),
    forgotten: (records) => spool?.forgotten(records),
  });
  const newest = log.segments.at(-1);
  if (newest) {
    const contents = await log.contents(newest);
    const head = decodeHead(contents[0]?.isHead ? contents[0].payload : null);
    losses = SpoolLosses.from(head.losses);
    const changes = contents.map(({ payload }) => payload).filter(isStateRecord);
    options.state?.load({ whole: head.state, changes: changes.map(changeOf) });
  }
  const readAgain = options.state === undefined ? [] : await linesBehindState(log);
  spool = new DiskSpool({ options, log, losses, readAgain });
  return spool;
}
