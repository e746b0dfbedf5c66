/** The threads of the archive: some for searches, one that moves lines. They are started when needed, and end when nothing came for a while. */
import { ProblemError } from '../http/problem.ts';
import { searchProblems } from '../../shared/schema/log-search.ts';
import type { MoveTask, ThreadStart, ThreadTask } from './search-task.ts';
import { WorkThread, type RunOptions, type ThreadEnd } from './work-thread.ts';

/** Searches at a time. Who types a filter sends one after the other, so there is room for a few people. */
const MAX_SEARCHES = 3;
/** Who has searched once mostly searches again: starting a thread takes longer than most searches. */
const SEARCHER_WAITS_MS = 20_000;
const MOVER_WAITS_MS = 5_000;

interface Waiting {
  thread: WorkThread;
  timer: NodeJS.Timeout;
}

export class ArchiveThreads implements AsyncDisposable {
  readonly #start: Omit<ThreadStart, 'stop'>;
  readonly #onDamaged: (file: string, message: string) => void;
  /** At work. */
  readonly #busy = new Set<WorkThread>();
  readonly #waiting: Record<'searcher' | 'mover', Waiting | null> = { searcher: null, mover: null };
  #searches = 0;
  #isClosing = false;

  constructor(start: Omit<ThreadStart, 'stop'>, onDamaged: (file: string, message: string) => void) {
    this.#start = start;
    this.#onDamaged = onDamaged;
  }

  /** Throws a 429 `ProblemError` where as many are under way as may be. */
  async search(task: ThreadTask, options: RunOptions): Promise<ThreadEnd> {
    if (this.#searches >= MAX_SEARCHES) {
      throw new ProblemError(429, searchProblems.busy, `${MAX_SEARCHES} searches are under way already.`, {
        remedy: 'Try again in a moment.',
        isRetryable: true,
        headers: { 'Retry-After': '1' },
      });
    }
    this.#searches++;
    try {
      return await this.#run('searcher', task, options);
    } finally {
      this.#searches--;
    }
  }

  /** One at a time. */
  move(task: MoveTask): Promise<ThreadEnd> {
    const { signal } = new AbortController();
    return this.#run('mover', { ...task, trouble: null }, { signal, isWatched: false });
  }

  /** Whatever is under way is given up: a move is then as if it had never begun. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    const waiting = Object.values(this.#waiting).filter((each) => each !== null);
    for (const { timer } of waiting) clearTimeout(timer);
    const threads = [...this.#busy, ...waiting.map(({ thread }) => thread)];
    await Promise.all(threads.map((thread) => thread[Symbol.asyncDispose]()));
  }

  async #run(kind: 'searcher' | 'mover', task: ThreadTask, options: RunOptions): Promise<ThreadEnd> {
    if (this.#isClosing) return { kind: 'failed', code: 'stopping', message: 'The hub is stopping' };
    const thread = this.#takeThread(kind);
    this.#busy.add(thread);
    const end = await thread.run(task, options);
    this.#busy.delete(thread);
    this.#keep(kind, thread);
    return end;
  }

  #takeThread(kind: 'searcher' | 'mover'): WorkThread {
    const waiting = this.#waiting[kind];
    this.#waiting[kind] = null;
    if (waiting !== null) clearTimeout(waiting.timer);
    return waiting?.thread ?? new WorkThread(this.#start, this.#onDamaged);
  }

  /** One of a kind waits for its next task; others end at once. */
  #keep(kind: 'searcher' | 'mover', thread: WorkThread): void {
    if (thread.isOver || this.#isClosing || this.#waiting[kind] !== null) {
      void thread[Symbol.asyncDispose]();
      return;
    }
    const timer = setTimeout(
      () => {
        this.#waiting[kind] = null;
        void thread[Symbol.asyncDispose]();
      },
      kind === 'searcher' ? SEARCHER_WAITS_MS : MOVER_WAITS_MS,
    );
    this.#waiting[kind] = { thread, timer };
  }
}
