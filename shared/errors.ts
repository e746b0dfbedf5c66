/** The base of every error a person may see. */

export interface WatchlineErrorOptions {
  /** What to do about it: one sentence. */
  remedy?: string;
  cause?: unknown;
  /** True where the same call may succeed later, unchanged. Default false. */
  isRetryable?: boolean;
}

/** `message` says what happened and why in one sentence; `remedy` what to do; `code` never changes. */
export class WatchlineError extends Error {
  readonly code: string;
  readonly remedy: string | null;
  readonly isRetryable: boolean;

  constructor(code: string, message: string, options: WatchlineErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.remedy = options.remedy ?? null;
    this.isRetryable = options.isRetryable ?? false;
  }
}
