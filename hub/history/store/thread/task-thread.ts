/** A thread of history as the main thread sees it: it is started with its first task or a little before, given one at a time, and ended when none came for a while. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ThreadAnswer, ThreadStart, ThreadTask } from './tasks.ts';

export interface TaskThreadOptions {
  start: ThreadStart;
  /** Shown by tools that list threads. */
  name: string;
  /** It waits so long for its next task, in milliseconds. */
  waitsMs: number;
  /** A task that takes longer is given up with its thread, in milliseconds; null: however long it takes. */
  maxMs: number | null;
}

interface Waiting {
  task: ThreadTask;
  signal: AbortSignal | null;
  resolve: (answer: ThreadAnswer) => void;
}

export class TaskThread implements AsyncDisposable {
  readonly #options: TaskThreadOptions;
  #worker: Worker | null = null;
  readonly #queue: Waiting[] = [];
  #running: Waiting | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: TaskThreadOptions) {
    this.#options = options;
  }

  /** Tasks that wait or are under way. */
  get length(): number {
    return this.#queue.length + (this.#running === null ? 0 : 1);
  }

  /** Never rejects: what goes wrong is `failed`. `signal`, aborted: a task that has not begun yet is left out. */
  run(task: ThreadTask, signal: AbortSignal | null = null): Promise<ThreadAnswer> {
    const { promise, resolve } = Promise.withResolvers<ThreadAnswer>();
    this.#queue.push({ task, signal, resolve });
    this.#next();
    return promise;
  }

  /** A task will come soon: its thread is started before it. */
  expect(): void {
    if (this.#isClosed || this.#running !== null) return;
    this.#worker ??= this.#begin();
    this.#waitForTasks();
  }

  /** What is under way is given up: keeping is then as if it had never begun. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#end('The hub is stopping');
    this.#next();
  }

  #next(): void {
    if (this.#running !== null) return;
    const waiting = this.#queue.shift();
    if (waiting === undefined) return this.#waitForTasks();
    if (this.#isClosed || waiting.signal?.aborted) {
      waiting.resolve(failure(this.#isClosed ? 'The hub is stopping' : 'Nobody waits for it'));
      return this.#next();
    }
    this.#running = waiting;
    this.#worker ??= this.#begin();
    this.#worker.postMessage(waiting.task);
    const { maxMs } = this.#options;
    if (maxMs !== null) this.#after(maxMs, 'Reading history took too long');
    else this.#stopTimer();
  }

  #begin(): Worker {
    const worker = new Worker(threadFile(), { workerData: this.#options.start, name: this.#options.name });
    worker.on('message', (answer: ThreadAnswer) => this.#finish(answer));
    worker.on('error', (error: Error) => void this.#end(error.message, worker));
    worker.on('exit', () => void this.#end('The thread has ended', worker));
    return worker;
  }

  #waitForTasks(): void {
    if (this.#worker !== null) this.#after(this.#options.waitsMs, 'The thread has ended');
  }

  #after(ms: number, reason: string): void {
    this.#stopTimer();
    this.#timer = setTimeout(() => void this.#end(reason), ms);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** `of`: nothing is done where another has taken its place. */
  async #end(reason: string, of: Worker | null = this.#worker): Promise<void> {
    if (of === null || of !== this.#worker) return;
    this.#stopTimer();
    this.#worker = null;
    const ended = of.terminate();
    this.#finish(failure(reason));
    await ended;
  }

  #finish(answer: ThreadAnswer): void {
    const running = this.#running;
    this.#running = null;
    running?.resolve(answer);
    this.#next();
  }
}

function failure(message: string): ThreadAnswer {
  return { kind: 'failed', code: 'internal', message };
}

/** Beside this file, in the sources as in what is built from them. */
function threadFile(): URL {
  return new URL(`./history-thread${path.extname(import.meta.url)}`, import.meta.url);
}
