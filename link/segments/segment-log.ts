/**
 * A queue on disk that survives being killed at any byte: records are appended to segment files, read oldest first, and
 * let go by whole segments. What it may take is bounded by size and by age; the oldest goes first, and is counted.
 */
import { mkdir } from 'node:fs/promises';
import type { WatchlineError } from '../../shared/errors.ts';
import { DiskSegmentLog } from './disk-segment-log.ts';
import { lockFolder, type FolderLock } from './folder-lock.ts';
import { recoverSegments } from './recover-segments.ts';
import { folderUnusable, SegmentLogError } from './segment-log-error.ts';

export interface SegmentLogOptions {
  /** Made (0700) where missing. One log a folder; a second one that opens it while the first lives is refused. */
  dir: string;
  /** A segment is closed, and the next one begun, past this. */
  segmentBytes: number;
  /** All segments together; past it the oldest goes. */
  maxBytes: number;
  /**
   * A segment older than this goes. Counted in time during which a log was open here, not by the wall clock: a clock that
   * is set, or a machine that was off, drops nothing. Null: kept however old.
   */
  maxAgeMs: number | null;
  /** A record is written and synced at most this long after its `append`. */
  flushMs: number;
  /**
   * What to do where the disk takes nothing more. `drop-oldest`: the oldest segment goes; where even that does not help,
   * records wait in memory, the newest `maxPendingBytes` of them, and are written once there is room. `refuse`: the records
   * that could not be written are forgotten, and `flush` says so.
   */
  whenFull: 'drop-oldest' | 'refuse';
  /** What may wait in memory for the disk. Default 4 MiB. */
  maxPendingBytes?: number;
  /** Called right before a write: what it appends is written with what was appended before. */
  beforeWrite?: () => void;
  /** Written first into every new segment: state that must outlive older segments. Null: nothing. */
  head?: () => Buffer | null;
  /** Trouble and its end, to be told to people. Not called again while the same trouble lasts. */
  report?: (trouble: WatchlineError | null) => void;
  /** What is about to go unread: called before an old segment is deleted for size, age or room. It can still be read; nothing may be appended, sealed, freed or flushed from in here. */
  dropping?: (segment: Segment, why: DropReason) => Promise<void> | void;
  /** Records that were in memory alone are let go, unwritten. */
  forgotten?: (records: readonly UnwrittenRecord[]) => void;
}

export type DropReason = 'size' | 'age' | 'disk-full';

/** One file of the log. */
export interface Segment {
  /** Number of its first record. */
  readonly first: number;
  /** Number of its newest record; `first - 1` where it has none. */
  readonly last: number;
  /** Bytes on disk. */
  readonly bytes: number;
  /** Epoch milliseconds by this machine's clock when it was begun. */
  readonly since: number;
  /** False for the one that is appended to. */
  readonly isSealed: boolean;
}

export interface KeptRecord {
  /** Counts up by one per `append`, over restarts too, for as long as any segment is there. A head has its segment's `first`. */
  readonly number: number;
  readonly payload: Buffer;
  readonly segment: Segment;
  /** True for what `head` gave: state, not a record. */
  readonly isHead: boolean;
}

/** A record that is in memory alone. */
export type UnwrittenRecord = Pick<KeptRecord, 'number' | 'payload'>;

/** Where to go on reading: opaque. */
export interface ReadPosition {
  /** Of the segment. */
  readonly first: number;
  readonly offset: number;
  /** The record expected there. */
  readonly number: number;
}

/** Records that were there and cannot be read any more. */
export interface DamagedSpan {
  readonly segment: Segment;
  /** Number of the first of them. */
  readonly first: number;
  readonly count: number;
  /** False where this was found before, in this run or an earlier one. */
  readonly isNew: boolean;
}

export interface ReadBlock {
  /** Payloads are views of one buffer: copy what outlives the block. */
  readonly records: readonly KeptRecord[];
  readonly damaged: readonly DamagedSpan[];
  /** Where to go on, also for what is appended later. */
  readonly next: ReadPosition;
  /** True: everything that is on disk by now was read. */
  readonly isEnd: boolean;
}

export interface SegmentLogCounts {
  /** Records that went unread because of size, age or a full disk, memory included. */
  readonly dropped: number;
  /** Records that were there and could not be read; their bytes are kept in `*.damaged` files beside the segments, bounded. */
  readonly damaged: number;
}

export interface SegmentLog extends AsyncDisposable {
  /** Synchronous, buffered; the payload (up to 16 MiB) is copied. Answers the record's number. Never throws for the disk's sake. */
  append(payload: Buffer): number;
  /**
   * Resolves once everything appended so far is written and synced. Callers at the same time share one sync. Rejects with a
   * `SegmentLogError` (`disk-full`, `disk-trouble`) where it could not be. Where that matters, call it at once after `append`:
   * the log also flushes by itself.
   */
  flush(): Promise<void>;
  /** Number up to which everything was written and synced, or let go. */
  readonly written: number;
  /** What waits in memory for the disk, in bytes. */
  readonly waitingBytes: number;
  /** Oldest first. Those in memory alone are in no segment yet. */
  readonly segments: readonly Segment[];
  /** Everything that is on disk, oldest first; what is appended meanwhile may or may not be seen. */
  records(): AsyncIterable<KeptRecord>;
  /** Records from `from` on (null: the oldest), about `maxBytes` of them. A position in a segment that is gone goes on in the next. */
  read(from: ReadPosition | null, maxBytes: number): Promise<ReadBlock>;
  /** What waits in memory for the disk, oldest first: what cannot be read where the disk takes nothing. */
  unwritten(): UnwrittenRecord[];
  /** All of one segment, its head first: segments are small. */
  contents(segment: Segment): Promise<KeptRecord[]>;
  /** Deletes a sealed segment, whether all of it was read or not. Leaves the one that is appended to alone: `seal` it first. */
  free(segment: Segment): Promise<void>;
  /** Seals the segment that is appended to: the next record begins a new one. */
  seal(): Promise<void>;
  readonly counts: SegmentLogCounts;
}

/**
 * Cuts torn tails and seals what an earlier process left. Throws a `SegmentLogError`: `segments-unusable`, or
 * `segments-in-use`.
 */
export async function openSegmentLog(options: SegmentLogOptions): Promise<SegmentLog> {
  const { dir } = options;
  let lock: FolderLock | null = null;
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    lock = lockFolder(dir);
    return new DiskSegmentLog(options, lock, await recoverSegments(dir));
  } catch (error) {
    lock?.[Symbol.dispose]();
    throw error instanceof SegmentLogError ? error : folderUnusable(dir, error);
  }
}
