/** One timer for many ends: it rings at the next of them. */

/** Node's longest timer: it rings early then, and is set anew. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class NextEnd implements Disposable {
  readonly #onDue: () => void;
  #timer: NodeJS.Timeout | null = null;

  /** `onDue` may be called before any end is there, and has to look. */
  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** In epoch milliseconds; none: it does not ring. */
  set(ends: readonly number[]): void {
    this[Symbol.dispose]();
    if (ends.length === 0) return;
    const wait = Math.min(LONGEST_TIMER_MS, Math.max(0, Math.min(...ends) - Date.now()));
    this.#timer = setTimeout(this.#onDue, wait).unref();
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
