/** Opens a log file for reading, and only what the allow-list allows: checked on the descriptor itself. */
import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { WatchlineError } from '../../../shared/errors.ts';
import type { AllowList } from './allow-list.ts';
import { isOnLocalDisk } from './local-disk.ts';

export interface OpenedLogFile {
  handle: FileHandle;
  stats: BigIntStats;
  /** Where the file really is; differs from the path it was opened by where that is a link. */
  realPath: string;
  /** On a disk of this machine: what was just written there is read without waiting. */
  isLocal: boolean;
}

/** The file is there and must not, or cannot, be followed. */
export class LogFileRefusedError extends WatchlineError {}

/**
 * @throws LogFileRefusedError for what is not allowed or no regular file; the system's error (ENOENT,
 * EACCES ...) where opening fails. Null where the file was renamed between opening and checking: try again.
 */
export async function openLogFile(file: string, allowList: AllowList): Promise<OpenedLogFile | null> {
  // O_NONBLOCK: opening a FIFO without a writer would wait for ever.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) {
      throw new LogFileRefusedError(
        'log-not-a-file',
        `${file} is not a regular file, so it cannot be followed.`,
        {
          remedy: 'Name a regular file, or leave it out with `logs.exclude`.',
        },
      );
    }
    const realPath = await descriptorPath(handle, file, stats);
    if (realPath === null) {
      await handle.close();
      return null;
    }
    if (!(await allowList.allowsReal(realPath))) {
      throw new LogFileRefusedError(
        'log-not-allowed',
        `${file} leads to ${realPath}, which no configured glob allows, so it is not read.`,
        { remedy: 'Add the real path to `logs.files` to follow it.' },
      );
    }
    return { handle, stats, realPath, isLocal: await isOnLocalDisk(realPath) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Null where the path no longer leads to the opened file. */
async function descriptorPath(handle: FileHandle, file: string, stats: BigIntStats): Promise<string | null> {
  try {
    const real = await realpath(file);
    const there = await lstat(real, { bigint: true });
    if (there.dev !== stats.dev || there.ino !== stats.ino) return null;
    if (process.platform !== 'linux') return real;
    // The kernel's own answer for the descriptor: no swap of a folder in between can bend it.
    const named = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => real);
    return named.endsWith(' (deleted)') ? null : named;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
