/** When to try again after trouble: spread by chance, so that a fleet that lost its hub together does not come back together. */
import { UntrustedError } from '../../link/tls/untrusted-error.ts';
import type { WatchlineError } from '../../shared/errors.ts';
import { UplinkError } from './uplink-error.ts';

const LEAST_MS = 1_000;
/** Of the first pause; doubled with each further one. */
const FIRST_MOST_MS = 5_000;
const MOST_MS = 60_000;
const MINUTES_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;

export class TryAgain {
  readonly #random: () => number;
  #failures = 0;
  /** By `performance.now()`. */
  #notBefore = 0;
  #trouble: WatchlineError | null = null;

  /** `random`: from 0 to 1. Default `Math.random`. */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Null: all is well. */
  get trouble(): WatchlineError | null {
    return this.#trouble;
  }

  /** Milliseconds; 0: now. */
  get waitMs(): number {
    return Math.max(0, this.#notBefore - performance.now());
  }

  /** True where it is another trouble than the one before: to be told. */
  failed(trouble: WatchlineError): boolean {
    const isNew = this.#trouble?.message !== trouble.message;
    this.#trouble = trouble;
    this.waitAtLeast(this.#pause(trouble));
    this.#failures++;
    return isNew;
  }

  /** True where there was trouble before: its end is to be told. */
  succeeded(): boolean {
    const hadTrouble = this.#trouble !== null;
    this.#trouble = null;
    this.#failures = 0;
    return hadTrouble;
  }

  waitAtLeast(ms: number): void {
    this.#notBefore = Math.max(this.#notBefore, performance.now() + ms);
  }

  #pause(trouble: WatchlineError): number {
    const most = Math.min(MOST_MS, FIRST_MOST_MS * 2 ** Math.min(this.#failures, 10));
    const spread = LEAST_MS + this.#random() * (most - LEAST_MS);
    // Another key at the hub's address: a handshake now and then tells when the right one is back.
    if (trouble instanceof UntrustedError) return MOST_MS + spread;
    if (!(trouble instanceof UplinkError)) return spread;
    if (trouble.tryAgain === 'hourly') return HOUR_MS + spread;
    if (trouble.tryAgain === 'minutes') return MINUTES_MS + spread;
    return trouble.retryAfterMs === null ? spread : trouble.retryAfterMs + this.#random() * FIRST_MOST_MS;
  }
}
