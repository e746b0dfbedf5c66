/** When to ask again after a stream ended: later and later while it fails, and never many readers at the same moment. */

const MAX_RETRY_MS = 60_000;

export class Backoff {
  readonly #firstMs: number;
  #failures = 0;

  /** `firstMs`: after the first failure. */
  constructor(firstMs: number) {
    this.#firstMs = firstMs;
  }

  /** The stream is live: the next failure is a first one. */
  reset(): void {
    this.#failures = 0;
  }

  /** Between half and all of a time that doubles; never sooner than the other end wishes, and up to half of that later. */
  nextMs(atLeastMs = 0): number {
    const ms = Math.min(MAX_RETRY_MS, this.#firstMs * 2 ** Math.min(this.#failures++, 10));
    return Math.max(ms / 2 + (Math.random() * ms) / 2, atLeastMs * (1 + Math.random() / 2));
  }
}
