/** What stands in the way of following a file, as the state of its source. */
import { WatchlineError } from '../../../shared/errors.ts';
import type { SourceStatus } from '../source-status.ts';
import { deniedReason } from './denied-reason.ts';

/** `refused`: the descriptor that is open, if any, may still be read; `broken`: it is of no use any more. */
export type TroubleKind = 'refused' | 'broken';

export async function tellFileTrouble(
  status: SourceStatus,
  file: string,
  error: unknown,
): Promise<TroubleKind> {
  if (error instanceof WatchlineError) {
    status.tell('failed', [error.message, error.remedy].filter(Boolean).join(' '));
    return 'refused';
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    status.tell('denied', await deniedReason(file));
    return 'refused';
  }
  status.tell('failed', `${file} cannot be read: ${message}. Following is tried again.`);
  return 'broken';
}
