/** How many notes and markers one token may put on the timeline in a minute: a script in a loop harms nobody. */
import { ProblemError } from '../http/problem.ts';

const WINDOW_MS = 60_000;
/** Credentials remembered; one more pushes the oldest out. */
const MAX_CREDENTIALS = 4096;

export class PublishLimiter {
  readonly #limit: number;
  readonly #windows = new Map<string, { startedAt: number; count: number }>();

  constructor(limit: number) {
    this.#limit = limit;
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
    throw new ProblemError(429, 'too-many-notes', `This token may post ${this.#limit} times a minute.`, {
      remedy: `Wait ${waitSeconds} seconds, or say several things in one note.`,
      isRetryable: true,
      headers: { 'Retry-After': String(waitSeconds) },
    });
  }
}
