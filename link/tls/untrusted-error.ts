/** The other end of a connection is not who it should be: nothing secret was sent to it. */
import { WatchlineError } from '../../shared/errors.ts';

export class UntrustedError extends WatchlineError {
  /** The pin of the key that was shown. */
  readonly shownPin: string;

  constructor(
    code: 'pin-changed' | 'certificate-untrusted',
    message: string,
    remedy: string,
    shownPin: string,
  ) {
    super(code, message, { remedy });
    this.shownPin = shownPin;
  }
}
