/** Chromium's profile (cookies, caches, the instance lock) stands in Watchline's data folder, not beside it. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import { WatchlineError } from '../shared/errors.ts';

export class ProfileError extends WatchlineError {
  constructor(folder: string, cause: unknown) {
    const why = (cause as NodeJS.ErrnoException).code ?? String(cause);
    super('profile', `The folder ${folder} cannot be made (${why}).`, {
      remedy: 'Give this user the right to write there, or name another folder with --data.',
      cause,
    });
  }
}

export function setupProfile(dataDir: string): void {
  const folder = path.join(dataDir, 'desktop');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new ProfileError(folder, cause);
  }
  app.setPath('userData', folder);
}
