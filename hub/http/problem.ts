/** An answer that is not a success, thrown from anywhere below a request. */
import { WatchlineError, type WatchlineErrorOptions } from '../../shared/errors.ts';
import type { Problem } from '../../shared/snapshot.ts';

export interface ProblemOptions extends WatchlineErrorOptions {
  /** Sent besides the usual ones, such as `Retry-After`. */
  headers?: Record<string, string>;
}

export class ProblemError extends WatchlineError {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, options: ProblemOptions = {}) {
    super(code, message, options);
    this.status = status;
    this.headers = options.headers ?? {};
  }

  /** The body every such answer has. */
  toJSON(): Problem {
    return { error: { code: this.code, message: this.message, remedy: this.remedy } };
  }
}

export function notFound(): ProblemError {
  return new ProblemError(404, 'not-found', 'There is nothing at this address.', {
    remedy: 'docs/protocol.md lists every address of a hub.',
  });
}
