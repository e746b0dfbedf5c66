/**
 * How late the event loop runs its timers, told by the lateness of a timer that ticks anyway: Node's own
 * histogram needs a timer of its own at its resolution, which costs more than all of an idle hub.
 */
const TICKS = 600;

export class LoopDelay {
  readonly #delaysMs = new Float32Array(TICKS);
  #count = 0;
  #lastTick: number | null = null;

  /** `now` of `performance.now()`; `everyMs` is when the tick was due after the one before. */
  tick(now: number, everyMs: number): void {
    if (this.#lastTick !== null)
      this.#delaysMs[this.#count++ % TICKS] = Math.max(0, now - this.#lastTick - everyMs);
    this.#lastTick = now;
  }

  /** In milliseconds, of the last 600 ticks; `share` 0.99 is the 99th percentile. Null before the second tick. */
  quantile(share: number): number | null {
    const known = this.#delaysMs.slice(0, Math.min(this.#count, TICKS)).sort();
    return known.length === 0 ? null : known[Math.min(known.length - 1, Math.floor(share * known.length))]!;
  }
}
