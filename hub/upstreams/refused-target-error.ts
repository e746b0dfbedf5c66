/** This address is not one to read from, or what stands there is no hub: another try soon would not change that. */
import { WatchlineError } from '../../shared/errors.ts';

export type TargetRefusal = 'forbidden-target' | 'bad-upstream-url' | 'not-a-stream' | 'foreign-redirect';

export class RefusedTargetError extends WatchlineError {
  constructor(code: TargetRefusal, message: string, remedy: string, cause?: unknown) {
    super(code, message, { remedy, cause });
  }
}
