/** `reach.json` in the data folder: how the owner wants the hub to be reached. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { WatchlineError } from '../../shared/errors.ts';
import { defaultReach, reachSettings, type ReachSettings } from '../../shared/schema/reach.ts';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { setAside } from '../../link/set-aside.ts';

export class ReachFile {
  readonly #path: string;
  readonly #report: (trouble: Error) => void;

  constructor(dataDir: string, report: (trouble: Error) => void) {
    this.#path = path.join(dataDir, 'reach.json');
    this.#report = report;
  }

  /** The defaults, which open nothing, where there is no file or none that can be read; that is reported, and the file set aside. */
  read(): ReachSettings {
    try {
      return reachSettings.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') this.#report(damaged(this.#path, cause));
      return defaultReach;
    }
  }

  /** Throws what writing throws. */
  write(settings: ReachSettings): void {
    writeFileAtomically(this.#path, `${JSON.stringify(settings, null, 2)}\n`);
  }
}

function damaged(file: string, cause: unknown): WatchlineError {
  return new WatchlineError(
    'reach-file-damaged',
    `How this hub is reached could not be read from ${file}. ${setAside(file)}`,
    { remedy: 'Only this machine reaches it now: choose anew in Settings, under Sharing.', cause },
  );
}
