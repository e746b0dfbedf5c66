/** There is no hub to ask, or it refuses: trying again would not change that. */
import { WatchlineError } from '../shared/errors.ts';

export class RefusedError extends WatchlineError {
  constructor(message: string, remedy: string, cause?: unknown) {
    super('refused', message, { remedy, cause });
  }
}
