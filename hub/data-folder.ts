/** The data folder: made private, and tried before anything relies on it. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
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
    makeFolders(path.resolve(dataDir));
    const probe = path.join(dataDir, `.probe-${process.pid}`);
    writeFileSync(probe, '', { mode: 0o600 });
    rmSync(probe);
  } catch (cause) {
    throw new DataFolderError(dataDir, cause);
  }
}

/** `recursive: true` would do the same, but never ends where a folder that exists refuses all others, such as /proc. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolders(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another program may have made it in this moment.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
