/** What can be wrong with a log on disk, in words for people. */
import { WatchlineError } from '../../shared/errors.ts';

/**
 * - `disk-full`: nothing more can be written; retryable.
 * - `disk-trouble`: reading or writing failed otherwise; retryable.
 * - `segments-unusable`: the folder cannot be opened at all.
 * - `segments-in-use`: another process has it open.
 */
export type SegmentTrouble = 'disk-full' | 'disk-trouble' | 'segments-unusable' | 'segments-in-use';

export class SegmentLogError extends WatchlineError {
  declare readonly code: SegmentTrouble;

  constructor(code: SegmentTrouble, message: string, remedy: string, cause?: unknown) {
    super(code, message, { remedy, cause, isRetryable: code === 'disk-full' || code === 'disk-trouble' });
  }
}

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

export function isDiskFull(error: unknown): boolean {
  return fullCodes.has((error as NodeJS.ErrnoException).code ?? '');
}

/** Of an error that the file system threw while something was written to `dir`. */
export function writingFailed(dir: string, cause: unknown): SegmentLogError {
  if (isDiskFull(cause)) {
    return new SegmentLogError('disk-full', `The disk of ${dir} is full.`, 'Free some space there.', cause);
  }
  const why = (cause as Error).message;
  const remedy = 'Check that disk, and that this user may write there.';
  return new SegmentLogError('disk-trouble', `Nothing can be written to ${dir}: ${why}.`, remedy, cause);
}

export function folderUnusable(dir: string, cause: unknown): SegmentLogError {
  const why = (cause as Error).message;
  const remedy = 'Make it a folder that this user may read and write, or choose another data folder.';
  return new SegmentLogError('segments-unusable', `The folder ${dir} cannot be used: ${why}.`, remedy, cause);
}

export function folderInUse(dir: string, pid: number): SegmentLogError {
  const remedy = 'Stop that process, or choose another data folder.';
  return new SegmentLogError('segments-in-use', `Process ${pid} uses the folder ${dir}.`, remedy);
}
