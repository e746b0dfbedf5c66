/** How often one credential may do something in a minute, such as putting a note on the timeline: a script in a loop harms nobody. */
import { ProblemError } from '../http/problem.ts';

const WINDOW_MS = 60_000;
/** Credentials remembered; one more pushes the oldest out. */
const MAX_CREDENTIALS = 4096;

export interface LimitWords {
  code: string;
  /** Completed by "... 60 times a minute." */
  what: string;
  /** Completes "Wait 20 seconds ..."; may be empty. */
  remedy: string;
}

const notes: LimitWords = {
  code: 'too-many-notes',
  what: 'This token may post',
  remedy: ', or say several things in one note',
};

export class PublishLimiter {
  readonly #limit: number;
  readonly #words: LimitWords;
  readonly #windows = new Map<string, { startedAt: number; count: number }>();

  constructor(limit: number, words: LimitWords = notes) {
    this.#limit = limit;
    this.#words = words;
  }

  /** Counts one request. Throws a 429 `ProblemError` past the limit. */
  count(credential: string, now = performance.now()): void {
    let window = this.#windows.get(credential);
    if (!window || now - window.startedAt >= WINDOW_MS) {
      window = { startedAt: now, count: 0 };
      this.#windows.delete(credential);
      this.#windows.set(credential, window);
      if (this.#windows.size > MAX_CREDENTIALS) this.#windows.delete(this.#windows.keys().next().value!);
    }
    window.count++;
    if (window.count <= this.#limit) return;
    const waitSeconds = Math.ceil((window.startedAt + WINDOW_MS - now) / 1000);
    const { code, what, remedy } = this.#words;
    throw new ProblemError(429, code, `${what} ${this.#limit} times a minute.`, {
      remedy: `Wait ${waitSeconds} seconds${remedy}.`,
      isRetryable: true,
      headers: { 'Retry-After': String(waitSeconds) },
    });
  }
}
