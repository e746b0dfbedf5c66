/** Why the agent cannot be installed here, or removed. */
import { WatchlineError, type WatchlineErrorOptions } from '../../../shared/errors.ts';

export class InstallError extends WatchlineError {
  constructor(message: string, options: WatchlineErrorOptions = {}) {
    super('install', message, options);
  }
}
