/** Does something once, within the shortest of the times that were asked for. */
export class LaterOnce {
  readonly #act: () => void;
  #timer: NodeJS.Timeout | null = null;
  /** By `performance.now()`. */
  #at = Infinity;

  constructor(act: () => void) {
    this.#act = act;
  }

  /** Milliseconds. */
  within(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.#at) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(() => {
      this.cancel();
      this.#act();
    }, ms);
  }

  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#at = Infinity;
  }
}
