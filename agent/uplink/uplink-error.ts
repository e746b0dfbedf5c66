/** What keeps an agent from handing over what it has: one sentence, what to do, and when to try again. */
import { WatchlineError, type WatchlineErrorOptions } from '../../shared/errors.ts';

/**
 * - `soon`: it may be over any moment; tried again with growing pauses.
 * - `minutes`: somebody has to do something first; looked at now and then.
 * - `hourly`: refused for good; asked again once an hour, because a person may have changed their mind.
 */
export type TryAgain = 'soon' | 'minutes' | 'hourly';

export interface UplinkErrorOptions extends WatchlineErrorOptions {
  tryAgain?: TryAgain;
  /** As the hub asked for; null: it did not. */
  retryAfterMs?: number | null;
}

export class UplinkError extends WatchlineError {
  readonly tryAgain: TryAgain;
  readonly retryAfterMs: number | null;

  constructor(code: string, message: string, options: UplinkErrorOptions = {}) {
    super(code, message, { isRetryable: true, ...options });
    this.tryAgain = options.tryAgain ?? 'soon';
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
