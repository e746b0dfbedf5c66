/** One thread of the archive as the main thread sees it: it is given a task, watched, and told to stop. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { searchProblems } from '../../shared/schema/log-search.ts';
import type { ThreadAnswer, ThreadStart, ThreadTask } from './search-task.ts';

/** A thread at work says so five times a second. One that is silent for this long hangs, in a regular expression most likely. */
const SILENT_MS = 3_000;
/** Its first word may take longer: it is being loaded, maybe while a machine is busy. */
const FIRST_WORD_MS = 10_000;
/** How long one that is told to stop may take. */
const STOP_MS = 500;

/** How a task ends. */
export type ThreadEnd = Exclude<ThreadAnswer, { kind: 'text' | 'alive' | 'damaged' }>;

export interface RunOptions {
  /** Aborted: nobody waits for the answer any more. */
  signal: AbortSignal;
  onText?: (text: string) => void;
  /** False: however long it takes. */
  isWatched: boolean;
}

interface Running {
  options: RunOptions;
  resolve: (end: ThreadEnd) => void;
}

export class WorkThread implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #onDamaged: (file: string, message: string) => void;
  #running: Running | null = null;
  #watch: NodeJS.Timeout | null = null;
  /** It has ended, by itself or because it hung. */
  isOver = false;

  constructor(start: Omit<ThreadStart, 'stop'>, onDamaged: (file: string, message: string) => void) {
    this.#onDamaged = onDamaged;
    const workerData: ThreadStart = { ...start, stop: this.#stop.buffer };
    this.#worker = new Worker(threadFile(), { workerData, name: 'archive' });
    this.#worker.on('message', (answer: ThreadAnswer) => this.#take(answer));
    this.#worker.on('error', (error: Error) => this.#finish(failure('internal', error.message)));
    this.#worker.on('exit', () => {
      this.isOver = true;
      this.#finish(failure('internal', 'The thread has ended'));
    });
  }

  /** One at a time. Never rejects: what goes wrong is `failed`. */
  run(task: ThreadTask, options: RunOptions): Promise<ThreadEnd> {
    if (this.#running !== null) throw new Error('This thread has a task already');
    const { promise, resolve } = Promise.withResolvers<ThreadEnd>();
    Atomics.store(this.#stop, 0, options.signal.aborted ? 1 : 0);
    this.#running = { options, resolve };
    options.signal.addEventListener('abort', this.#abort, { once: true });
    this.#worker.postMessage(task);
    this.#watchOver(FIRST_WORD_MS);
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isOver = true;
    await this.#worker.terminate();
  }

  readonly #abort = (): void => {
    Atomics.store(this.#stop, 0, 1);
    this.#watchOver(STOP_MS);
  };

  #take(answer: ThreadAnswer): void {
    if (answer.kind === 'damaged') return this.#onDamaged(answer.file, answer.message);
    if (answer.kind !== 'text' && answer.kind !== 'alive') return this.#finish(answer);
    // What it said before it was told to stop may come later.
    const options = this.#running?.options;
    if (options === undefined || options.signal.aborted) return;
    this.#watchOver(SILENT_MS);
    if (answer.kind === 'text') options.onText?.(answer.text);
  }

  #watchOver(ms: number): void {
    if (this.#watch !== null) clearTimeout(this.#watch);
    this.#watch = null;
    if (this.#running === null || (!this.#running.options.isWatched && !this.#running.options.signal.aborted))
      return;
    this.#watch = setTimeout(() => {
      this.isOver = true;
      void this.#worker.terminate();
      this.#finish(failure(searchProblems.slowPattern, 'A regular expression takes too long on one line'));
    }, ms);
  }

  #finish(end: ThreadEnd): void {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    this.#watchOver(0);
    running.options.signal.removeEventListener('abort', this.#abort);
    running.resolve(end);
  }
}

function failure(code: string, message: string): ThreadEnd {
  return { kind: 'failed', code, message };
}

/** Beside this file, in the sources as in what is built from them. */
function threadFile(): URL {
  return new URL(`./archive-thread${path.extname(import.meta.url)}`, import.meta.url);
}
