/** A volume that cannot be read as it was written. */
import { WatchlineError } from '../../shared/errors.ts';

export class DamagedVolumeError extends WatchlineError {
  constructor(what: string, cause?: unknown) {
    super('volume-damaged', `${what}.`, { cause });
  }
}

/** It is being made at this moment: nothing is in it yet. */
export class EmptyVolumeError extends Error {}

/** SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html), the lowest byte of the extended codes. */
const damaged = new Set([11, 26]);

export function isDamage(error: unknown): error is Error {
  if (error instanceof DamagedVolumeError) return true;
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === 'number' && damaged.has(errcode & 0xff);
}
