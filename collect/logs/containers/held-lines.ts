/**
 * The newest lines of a stream, held back for a moment. Podman's stream of a container that ends leaves out bytes shortly before its end,
 * so that pieces of lines come as lines (seen with 4.3): what is still held then is let go, and read whole from the log.
 */

/** Each line is held for this long, or up to twice as long. */
const HOLD_MS = 100;
/** Held at most, or up to twice as many. */
const MAX_LINES = 20_000;

export class HeldLines implements Disposable {
  #older: (() => void)[] = [];
  #newer: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;

  /** `tell` is called in its turn, unless it is let go before. */
  hold(tell: () => void): void {
    this.#newer.push(tell);
    if (this.#newer.length >= MAX_LINES) this.#turn();
    this.#timer ??= setTimeout(() => this.#turn(), HOLD_MS);
  }

  /** Answers what would tell those that are held, in order. */
  letGo(): readonly (() => void)[] {
    const held = [...this.#older, ...this.#newer];
    this[Symbol.dispose]();
    return held;
  }

  [Symbol.dispose](): void {
    this.#older = [];
    this.#newer = [];
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #turn(): void {
    const due = this.#older;
    this.#older = this.#newer;
    this.#newer = [];
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = this.#older.length > 0 ? setTimeout(() => this.#turn(), HOLD_MS) : null;
    for (const tell of due) tell();
  }
}
