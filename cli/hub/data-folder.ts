/** Makes sure there is a folder to keep things in, before anything is started. */
import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { WatchlineError } from '../../shared/errors.ts';

export class DataFolderError extends WatchlineError {
  constructor(dataDir: string, why: string, cause?: unknown) {
    super('data-folder', `The data folder ${dataDir} ${why}.`, {
      remedy: 'Give this user the right to write there, or name another folder with --data (WATCHLINE_DATA).',
      cause,
    });
  }
}

/** Made readable by its user alone: it holds the hub's token. */
export async function prepareDataFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    if (!(await stat(dataDir)).isDirectory()) throw new DataFolderError(dataDir, 'is not a folder');
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof DataFolderError) throw error;
    throw new DataFolderError(dataDir, whyNot((error as NodeJS.ErrnoException).code), error);
  }
}

function whyNot(code: string | undefined): string {
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'is not a folder, or lies below a file';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be written by this user';
  if (code === 'EROFS') return 'is on a file system that is read-only';
  if (code === 'ENOSPC') return 'cannot be made, because the disk is full';
  return `cannot be used (${code})`;
}
