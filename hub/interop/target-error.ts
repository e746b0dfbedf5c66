/** Something that this hub asks or writes to does not do what is wanted of it. */
import { WatchlineError } from '../../shared/errors.ts';

export class TargetError extends WatchlineError {
  /** From `Retry-After`; null: it says nothing. */
  readonly retryAfterMs: number | null;

  /** `isRetryable`: it may mend itself. */
  constructor(message: string, remedy: string, isRetryable: boolean, retryAfterMs: number | null = null) {
    super('target-refused', message, { remedy, isRetryable });
    this.retryAfterMs = retryAfterMs;
  }
}
