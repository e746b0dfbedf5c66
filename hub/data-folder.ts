/** The data folder: made private, tried before anything relies on it, written to atomically. */
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WatchlineError } from '../shared/errors.ts';

export class DataFolderError extends WatchlineError {
  constructor(dataDir: string, cause: unknown) {
    super('data-dir-unusable', `The data folder ${dataDir} cannot be used: ${(cause as Error).message}.`, {
      remedy: 'Make it writable for this user, or choose another with --data DIR.',
      cause,
    });
  }
}

/** Makes the folder (0700) where it is missing and tries a write. Throws `DataFolderError`. */
export function openDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const probe = path.join(dataDir, `.probe-${process.pid}`);
    writeFileSync(probe, '', { mode: 0o600 });
    rmSync(probe);
  } catch (cause) {
    throw new DataFolderError(dataDir, cause);
  }
}

/** Readers see the old content or the new, whole. Mode 0600. */
export function writeFileAtomically(file: string, content: string): void {
  const fresh = `${file}.${process.pid}.new`;
  try {
    writeFileSync(fresh, content, { mode: 0o600, flush: true });
    chmodSync(fresh, 0o600);
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
