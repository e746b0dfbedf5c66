/**
 * Counts wrong tokens and tickets per address (of IPv6: per network) and minute. Past the limit a wrong one gets 429 instead of
 * 401; a right one always passes, or one program on this machine could lock its owner out.
 */
import { networkOf } from './network-of.ts';

const WINDOW_MS = 60_000;
/** Addresses remembered; one more pushes the oldest out. */
const MAX_ADDRESSES = 4096;

export class BadTokenLimiter {
  readonly #limit: number;
  readonly #windows = new Map<string, { startedAt: number; count: number }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts one wrong token. Returns the seconds to wait where the limit is passed, else null. */
  countBad(address: string, now = performance.now()): number | null {
    const network = networkOf(address);
    let window = this.#windows.get(network);
    if (!window || now - window.startedAt >= WINDOW_MS) {
      window = { startedAt: now, count: 0 };
      this.#windows.delete(network);
      this.#windows.set(network, window);
      if (this.#windows.size > MAX_ADDRESSES) this.#windows.delete(this.#windows.keys().next().value!);
    }
    window.count++;
    return window.count > this.#limit ? Math.ceil((window.startedAt + WINDOW_MS - now) / 1000) : null;
  }
}
