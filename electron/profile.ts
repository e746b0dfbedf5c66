/** Chromium's profile (cookies, caches, the instance lock) stands in Watchline's data folder, not beside it. */
import path from 'node:path';
import { app } from 'electron';
import { openDataFolder } from '../hub/data-folder.ts';

/** Throws a DataFolderError where the folder cannot be made or written to. */
export function setupProfile(dataDir: string): void {
  const folder = path.join(dataDir, 'desktop');
  openDataFolder(folder);
  app.setPath('userData', folder);
}
