/** Calls a step on the whole interval of the wall clock (every full second), without drift. */
import type { Clock } from './clock.ts';

/**
 * Milliseconds until the next multiple of the interval. Never less than a quarter of one: two readings
 * closer than that make noisy rates, so the tick that is already due is left out.
 */
export function delayToNextTick(wallMs: number, intervalMs: number): number {
  const delay = intervalMs - (wallMs % intervalMs);
  return delay < intervalMs / 4 ? delay + intervalMs : delay;
}

export interface TickerOptions {
  intervalMs: number;
  clock: Clock;
  /** A step that takes longer than the interval makes ticks be left out, never overlap. */
  step: () => Promise<void>;
}

/** Runs from its making until disposed; disposing waits for the step under way. */
export class Ticker implements AsyncDisposable {
  readonly #options: TickerOptions;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #isDisposed = false;

  constructor(options: TickerOptions) {
    this.#options = options;
    this.#schedule();
  }

  #schedule(): void {
    const { clock, intervalMs, step } = this.#options;
    this.#timer = setTimeout(
      () => {
        this.#running = step().then(() => {
          if (!this.#isDisposed) this.#schedule();
        });
      },
      delayToNextTick(clock.wallMs(), intervalMs),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }
}
