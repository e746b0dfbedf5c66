/** The threads of history: one reads, one keeps; so a question never waits for an hour of hundreds of hosts to be sealed. */
import { ProblemError } from '../../../http/problem.ts';
import { MAX_QUERY_BUCKETS, type BucketQuery } from '../history-reader.ts';
import { TaskThread } from './task-thread.ts';
import type { Answers, Kept, KeepTask, ReadTask, ThreadStart } from './tasks.ts';

/** Who looks at the past mostly goes on to: starting a thread takes longer than most answers. */
const READER_WAITS_MS = 20_000;
const KEEPER_WAITS_MS = 2_000;
/** A question takes a few dozen milliseconds; where the disk takes longer than this, others get a chance. */
const READ_MS = 15_000;
/** Questions that may wait for the one that is under way. */
const MAX_WAITING = 64;

export interface HistoryThreadsOptions {
  start: ThreadStart;
  /** A question found the file damaged: keeping mends it. */
  onDamaged: () => void;
}

export class HistoryThreads implements AsyncDisposable {
  readonly #reader: TaskThread;
  readonly #keeper: TaskThread;
  readonly #onDamaged: () => void;

  constructor({ start, onDamaged }: HistoryThreadsOptions) {
    this.#onDamaged = onDamaged;
    this.#reader = new TaskThread({
      start,
      name: 'history-reader',
      waitsMs: READER_WAITS_MS,
      maxMs: READ_MS,
    });
    this.#keeper = new TaskThread({ start, name: 'history-keeper', waitsMs: KEEPER_WAITS_MS, maxMs: null });
  }

  /** A question will come soon. */
  expectRead(): void {
    this.#reader.expect();
  }

  /** Rejects as `HistoryReader` says. */
  async read<Task extends ReadTask>(task: Task, signal: AbortSignal): Promise<Answers[Task['kind']]> {
    signal.throwIfAborted();
    if (task.kind === 'buckets') refuseTooMany(task.query);
    if (this.#reader.length > MAX_WAITING) throw busy();
    const { promise, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const answer = await Promise.race([this.#reader.run(task, signal), promise]);
      if (answer.kind === 'done') return answer.value as Answers[Task['kind']];
      if (answer.code === 'damaged') this.#onDamaged();
      throw unreadable(answer.message);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async keep(task: KeepTask): Promise<{ kind: 'done'; value: Kept } | { kind: 'failed'; message: string }> {
    const answer = await this.#keeper.run(task);
    return answer.kind === 'done' ? { kind: 'done', value: answer.value as Kept } : answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#reader[Symbol.asyncDispose](), this.#keeper[Symbol.asyncDispose]()]);
  }
}

function refuseTooMany({ from, to, stepMs, series }: BucketQuery): void {
  const buckets = Math.ceil((to - from) / stepMs) + 1;
  if (buckets * (series?.length ?? 1) <= MAX_QUERY_BUCKETS) return;
  throw new ProblemError(
    400,
    'history-too-much',
    `More than ${MAX_QUERY_BUCKETS} buckets were asked for at once.`,
    { remedy: 'Ask for fewer series, a shorter time, or longer buckets.' },
  );
}

function busy(): ProblemError {
  return new ProblemError(429, 'history-busy', `${MAX_WAITING} questions to history wait already.`, {
    remedy: 'Try again in a moment.',
    isRetryable: true,
    headers: { 'Retry-After': '1' },
  });
}

function unreadable(message: string): ProblemError {
  return new ProblemError(503, 'history-unreadable', `History cannot be read: ${message}.`, {
    remedy: "See to the disk of the hub's data folder.",
    isRetryable: true,
  });
}
