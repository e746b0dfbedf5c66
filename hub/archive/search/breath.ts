/** What a search does besides searching: it shows that it is alive, and ends where it is not wanted any more or takes too long. */

/** Between two signs of life, and between two records that tell how far it is, in milliseconds. */
const SIGN_EVERY_MS = 200;

/** Thrown through a search. `stopped`: nobody waits for it. `time`: it has had its time. */
export class SearchEnded extends Error {
  readonly reason: 'stopped' | 'time';

  constructor(reason: 'stopped' | 'time') {
    super(`The search has ended: ${reason}`);
    this.reason = reason;
  }
}

export interface BreathOptions {
  stop: Int32Array;
  maxMs: number;
  onSign: () => void;
}

export class Breath {
  readonly #options: BreathOptions;
  readonly #deadline: number;
  #signAt = performance.now() + SIGN_EVERY_MS;
  #tellAt = performance.now() + SIGN_EVERY_MS;

  constructor(options: BreathOptions) {
    this.#options = options;
    this.#deadline = performance.now() + options.maxMs;
  }

  /** Throws a `SearchEnded`. */
  take(): void {
    if (Atomics.load(this.#options.stop, 0) !== 0) throw new SearchEnded('stopped');
    const now = performance.now();
    if (now > this.#deadline) throw new SearchEnded('time');
    if (now < this.#signAt) return;
    this.#signAt = now + SIGN_EVERY_MS;
    this.#options.onSign();
  }

  isTimeToTell(): boolean {
    const now = performance.now();
    if (now < this.#tellAt) return false;
    this.#tellAt = now + SIGN_EVERY_MS;
    return true;
  }
}
