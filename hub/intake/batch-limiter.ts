/** How many batches one agent may send: a bucket of tokens that fills again with time. */
import { ProblemError } from '../http/problem.ts';

/** So many at once after a quiet while, as many as its rate of this many seconds. */
const BURST_SECONDS = 3;

export class BatchLimiter {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Counts one batch. Throws a 429 `ProblemError` past the limit. `now` in milliseconds of a monotonic clock. */
  count(host: string, now = performance.now()): void {
    const most = this.#perSecond * BURST_SECONDS;
    const bucket = this.#buckets.get(host) ?? { tokens: most, at: now };
    this.#buckets.set(host, bucket);
    bucket.tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / 1000) * this.#perSecond);
    bucket.at = now;
    if (bucket.tokens >= 1) {
      bucket.tokens--;
      return;
    }
    throw new ProblemError(
      429,
      'too-many-batches',
      `An agent may send ${this.#perSecond} batches a second.`,
      {
        remedy: 'Wait a second, and send more records in one batch.',
        isRetryable: true,
        headers: { 'Retry-After': '1' },
      },
    );
  }

  forget(host: string): void {
    this.#buckets.delete(host);
  }
}
