/** Whether this process may read the system's journal, asked of the files themselves: journalctl answers too late. */
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where journald keeps its files (systemd-journald.service(8)): on disk, or in memory until the next boot. */
export const journalFolders: readonly string[] = ['/var/log/journal', '/run/log/journal'];

/** True where a `system.journal` of any machine id in `folders` can be opened for reading. */
export function isJournalReadable(folders: readonly string[] = journalFolders): boolean {
  return folders.some((folder) =>
    machineFolders(folder).some((machine) => isReadable(join(machine, 'system.journal'))),
  );
}

/** True where `folders` hold a journal of any machine id, readable or not; also where they may not be looked into. */
export function hasJournal(folders: readonly string[] = journalFolders): boolean {
  return folders.some((folder) => {
    try {
      return readdirSync(folder).length > 0;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ENOENT';
    }
  });
}

/** Those of `folders` that are there, each with its inode: one that is made anew is another. */
export function placesOf(folders: readonly string[] = journalFolders): readonly string[] {
  return folders.flatMap((folder) => {
    try {
      return [`${folder} ${statSync(folder).ino}`];
    } catch {
      return [];
    }
  });
}

function machineFolders(folder: string): string[] {
  try {
    return readdirSync(folder).map((machineId) => join(folder, machineId));
  } catch {
    return [];
  }
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
