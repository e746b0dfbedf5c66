/** What the hub's main thread and the threads of history say to each other. All of it is plain data. */
import type {
  BucketQuery,
  HostBuckets,
  HostExtent,
  KeptProcesses,
  ProcessesQuery,
} from '../history-reader.ts';
import type { Tier } from '../ladder.ts';

/** The first message of every thread. */
export interface ThreadStart {
  folder: string;
  ladder: readonly Tier[];
  maxBytes: number;
}

export type ReadTask =
  | { kind: 'buckets'; query: BucketQuery }
  | { kind: 'processes'; query: ProcessesQuery }
  | { kind: 'extent'; host: string };

/** Brings these tapes in, which are written to the end, seals what is over, and keeps the bounds. `now` in epoch milliseconds. */
export interface KeepTask {
  kind: 'keep';
  tapes: string[];
  now: number;
}

export type ThreadTask = ReadTask | KeepTask;

/** What a `keep` came to. */
export interface Kept {
  /** In use in the file. */
  bytes: number;
  /** Sentences for people: what was damaged, and what became of it. */
  damaged: string[];
}

/** By the task's kind. */
export interface Answers {
  buckets: HostBuckets;
  processes: KeptProcesses[];
  extent: HostExtent;
  keep: Kept;
}

export type ThreadAnswer =
  | { kind: 'done'; value: Answers[keyof Answers] }
  /** `damaged`: the file itself is. */
  | { kind: 'failed'; code: 'damaged' | 'disk' | 'internal'; message: string };
