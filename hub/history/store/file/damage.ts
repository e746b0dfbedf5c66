/** History that cannot be read as it was written. */
import { WatchlineError } from '../../../../shared/errors.ts';

export class DamagedHistoryError extends WatchlineError {
  constructor(what: string, cause?: unknown) {
    super('history-damaged', `${what}.`, { cause });
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html), the lowest byte of the extended codes: the file is damaged, not a block in it. */
const damaged = new Set([11, 26]);

export function isFileDamage(error: unknown): error is Error {
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === 'number' && damaged.has(errcode & 0xff);
}
