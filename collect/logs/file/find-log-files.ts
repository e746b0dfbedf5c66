/**
 * One walk over the folders of all globs. A walk of our own and not `fs.glob`: it also tells which
 * folders it saw, to watch them for new files, and which it may not read, to say so.
 */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { AllowList } from './allow-list.ts';

/** Folders read in one walk; what lies behind is not followed. */
const MAX_FOLDERS = 1024;

export interface FoundLogFiles {
  /** Plain files first, then symbolic links, each sorted: the same file is followed under its own name. */
  files: string[];
  folders: string[];
  /** Folders that exist and could not be read. */
  unreadable: { folder: string; cause: NodeJS.ErrnoException }[];
}

export async function findLogFiles(allowList: AllowList): Promise<FoundLogFiles> {
  const plain = new Set<string>();
  const links = new Set<string>();
  const depths = new Map<string, number>();
  const unreadable: FoundLogFiles['unreadable'] = [];

  for (const pattern of allowList.patterns) await walk(pattern.base, pattern.depth);
  return {
    files: [...[...plain].sort(), ...[...links].sort()],
    folders: [...depths.keys()],
    unreadable,
  };

  async function walk(folder: string, depth: number): Promise<void> {
    const known = depths.get(folder);
    if ((known !== undefined && known >= depth) || (known === undefined && depths.size >= MAX_FOLDERS))
      return;
    const entries = await list(folder);
    if (entries === null) return;
    depths.set(folder, depth);
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (depth > 0 && isSearched(entry.name)) await walk(file, depth - 1);
      } else if (allowList.allows(file)) {
        (entry.isSymbolicLink() ? links : plain).add(file);
      }
    }
  }

  function isSearched(name: string): boolean {
    return !name.startsWith('.') || allowList.patterns.some((pattern) => pattern.saysFolder(name));
  }

  async function list(folder: string): Promise<Dirent[] | null> {
    try {
      return await readdir(folder, { withFileTypes: true });
    } catch (error) {
      const cause = error as NodeJS.ErrnoException;
      if (
        cause.code !== 'ENOENT' &&
        cause.code !== 'ENOTDIR' &&
        !unreadable.some((seen) => seen.folder === folder)
      ) {
        unreadable.push({ folder, cause });
      }
      return null;
    }
  }
}
