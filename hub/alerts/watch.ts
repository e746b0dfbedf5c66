/** One rule on one thing: when it fires and when it clears, by readings as they come. */
import type { AlertRule } from '../../shared/schema/alerts.ts';

export interface Reading {
  /** Epoch milliseconds, by the hub's clock. */
  time: number;
  /** What the rule is about holds. */
  isOver: boolean;
  /** What ends it holds. Between the two lies what changes nothing. */
  isClear: boolean;
}

export class Watch {
  #isFiring: boolean;
  #overSince: number | null = null;
  #clearSince: number | null = null;
  #lastTime = -Infinity;

  /** `isFiring`: it was when the hub ended. */
  constructor(isFiring = false) {
    this.#isFiring = isFiring;
  }

  get isFiring(): boolean {
    return this.#isFiring;
  }

  /** Since when what it is about holds, in epoch milliseconds; null: it does not. */
  get since(): number | null {
    return this.#overSince;
  }

  /** Nothing holds that it would have to remember. */
  get isIdle(): boolean {
    return !this.#isFiring && this.#overSince === null;
  }

  /**
   * A reading that is not later than the one before says nothing. Where the one before is more than `patienceMs` away, what held then may
   * have ended meanwhile.
   */
  take(
    { time, isOver, isClear }: Reading,
    rule: Pick<AlertRule, 'forMs' | 'clearForMs'>,
    patienceMs: number,
  ): 'fires' | 'clears' | null {
    // A clock that was set back by a little is waited for, by more it is another time.
    if (time <= this.#lastTime && time >= this.#lastTime - patienceMs) return null;
    if (Math.abs(time - this.#lastTime) > patienceMs) {
      this.#overSince = null;
      this.#clearSince = null;
    }
    this.#lastTime = time;
    this.#overSince = isOver ? (this.#overSince ?? time) : null;
    this.#clearSince = isClear ? (this.#clearSince ?? time) : null;
    if (this.#isFiring) {
      if (this.#clearSince === null || time - this.#clearSince < rule.clearForMs) return null;
      this.#isFiring = false;
      return 'clears';
    }
    if (this.#overSince === null || time - this.#overSince < rule.forMs) return null;
    this.#isFiring = true;
    return 'fires';
  }
}
