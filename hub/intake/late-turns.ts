/**
 * Who may work on late batches: one at a time, in the order they came, and a few milliseconds per turn of the event loop, so that
 * what happens now never waits behind what happened yesterday.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '../http/problem.ts';

/** Late batches that may wait; each is held inflated. */
const MAX_WAITING = 12;
/** Work without a pause. */
const TURN_MS = 5;
/** A turn of everybody else that took longer shows that there is much to do: late work then takes as long a rest. */
const BUSY_TURN_MS = 20;
const MAX_REST_MS = 250;

export class LateTurns {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Throws a 503 `ProblemError` where too many wait already: to be asked before a body is read. */
  refuseWhenFull(): void {
    if (this.#waiting.length < MAX_WAITING) return;
    throw new ProblemError(503, 'busy', 'The hub is busy with what other agents kept.', {
      remedy: 'Keep it, and try again in a moment.',
      isRetryable: true,
      headers: { 'Retry-After': '1' },
    });
  }

  /** Disposed of once its work is done. */
  async take(): Promise<LateTurn> {
    if (this.#isTaken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isTaken = true;
    return new LateTurn(() => this.#pass());
  }

  #pass(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#isTaken = false;
  }
}

export class LateTurn implements Disposable {
  readonly #pass: () => void;
  #from = performance.now();
  #isPassed = false;

  constructor(pass: () => void) {
    this.#pass = pass;
  }

  /** True: `next` is due. */
  get isOver(): boolean {
    return performance.now() - this.#from >= TURN_MS;
  }

  async next(): Promise<void> {
    const pausedAt = performance.now();
    await nextTurn();
    const othersMs = performance.now() - pausedAt;
    if (othersMs > BUSY_TURN_MS) await sleep(Math.min(MAX_REST_MS, othersMs));
    this.#from = performance.now();
  }

  /** The next one may begin. */
  [Symbol.dispose](): void {
    if (!this.#isPassed) this.#pass();
    this.#isPassed = true;
  }
}
