/** The program a unit starts: this very Node with this very Watchline, where an unprivileged user may read both. */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { InstallError } from './install-error.ts';

/** `flags`: what Node itself is started with. Throws an `InstallError` where another user could not run it. */
export function agentProgram(node: string, flags: readonly string[], script: string): string[] {
  for (const file of [node, script]) {
    const closed = firstClosed(realpathSync(file));
    if (closed === null) continue;
    throw new InstallError(
      `${file} cannot be read by the agent's own user, because of the mode of ${closed}.`,
      {
        remedy:
          'Install Watchline for all users ("npm install --global" as root), then run the same line again.',
      },
    );
  }
  return [realpathSync(node), ...flags, realpathSync(script)];
}

/** The first of a path's folders, or the file, that others may not enter or read; null: they may. */
function firstClosed(file: string): string | null {
  accessSync(file, constants.R_OK);
  const folders: string[] = [];
  for (let at = path.dirname(file); at !== path.dirname(at); at = path.dirname(at)) folders.unshift(at);
  return (
    folders.find((folder) => (statSync(folder).mode & 0o001) === 0) ??
    ((statSync(file).mode & 0o004) === 0 ? file : null)
  );
}
