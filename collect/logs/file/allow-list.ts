/**
 * Which files may be read at all. Checked twice: on names while searching, and on the real path of the
 * opened descriptor, so that no symbolic link leads out of what the globs allow.
 */
import { realpath } from 'node:fs/promises';
import { compileGlob, type GlobPattern } from './glob-pattern.ts';

export interface AllowList {
  /** As configured, to search by. */
  readonly patterns: readonly GlobPattern[];
  /** True where a glob allows this name and none leaves it out. */
  allows(file: string): boolean;
  /** The same for a real path: the fixed part of each glob may lead through links (macOS: /var). */
  allowsReal(file: string): Promise<boolean>;
}

export function createAllowList(files: readonly string[], exclude: readonly string[]): AllowList {
  const patterns = files.map((glob) => compileGlob(glob));
  const excluded = exclude.map((glob) => compileGlob(glob));
  return {
    patterns,
    allows: (file) => matchesAny(patterns, file) && !matchesAny(excluded, file),
    async allowsReal(file) {
      if (matchesAny(excluded, file)) return false;
      if (matchesAny(patterns, file)) return true;
      for (const pattern of patterns) {
        const base = await realpath(pattern.base).catch(() => null);
        if (base !== null && base !== pattern.base && compileGlob(pattern.glob, base).matches(file))
          return true;
      }
      return false;
    },
  };
}

function matchesAny(patterns: readonly GlobPattern[], file: string): boolean {
  return patterns.some((pattern) => pattern.matches(file));
}
