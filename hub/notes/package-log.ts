/**
 * What package managers write into their logs. The hub runs nothing and reads no file for it: it knows what the agent was allowed to
 * follow.
 */

export interface PackageChange {
  what: 'installed' | 'upgraded' | 'removed';
  name: string;
  /** Versions; null where the log does not say. */
  from: string | null;
  to: string | null;
}

interface PackageLog {
  /** The source of its lines, as the agent names it. */
  source: RegExp;
  /** Groups: `what`, `name`, and `from` and `to` where it has them. */
  line: RegExp;
  /** A line of it, which the tests read. */
  example: string;
}

/** Lines that are neither installed, upgraded nor removed (unpacked, configured, triggered) say it again. */
export const packageLogs: readonly PackageLog[] = [
  {
    source: /(^|\/)dpkg\.log$/,
    line: /^\S+ \S+ (?<what>install|upgrade|remove|purge) (?<name>[^\s:]+)\S* (?<from>\S+) (?<to>\S+)$/,
    example: '2026-11-21 10:00:01 upgrade nginx:amd64 1.22.1-9 1.22.1-10',
  },
  {
    source: /(^|\/)(dnf\.rpm|yum)\.log$/,
    line: /\b(?<what>Installed|Upgraded|Updated|Upgrade|Erased|Removed): (?:\d+:)?(?<name>\S+?)-(?<to>(?:\d+:)?\d\S*)$/,
    example: '2026-11-21T10:00:00+0000 SUBDEBUG Upgraded: nginx-1:1.24.0-3.el9.x86_64',
  },
  {
    source: /(^|\/)pacman\.log$/,
    line: /\[ALPM\] (?<what>installed|upgraded|downgraded|removed) (?<name>\S+) \((?:(?<from>\S+) -> )?(?<to>\S+)\)$/,
    example: '[2026-11-21T10:00:00+0000] [ALPM] upgraded nginx (1.24.0-1 -> 1.26.0-1)',
  },
];

const words: Readonly<Record<string, PackageChange['what']>> = {
  install: 'installed',
  installed: 'installed',
  upgrade: 'upgraded',
  upgraded: 'upgraded',
  updated: 'upgraded',
  downgraded: 'upgraded',
  remove: 'removed',
  removed: 'removed',
  erased: 'removed',
  purge: 'removed',
};

export function isPackageLog(source: string): boolean {
  return packageLogs.some((log) => log.source.test(source));
}

/** Null where the line tells of no change. */
export function packageChangeOf(source: string, text: string): PackageChange | null {
  const groups = packageLogs.find((log) => log.source.test(source))?.line.exec(text)?.groups;
  if (groups === undefined) return null;
  const what = words[groups['what']!.toLowerCase()]!;
  const version = (text: string | undefined) => (text === undefined || text === '<none>' ? null : text);
  const [from, to] = [version(groups['from']), version(groups['to'])];
  // Of what is gone, the one version there is was the last.
  if (what === 'removed') return { what, name: groups['name']!, from: from ?? to, to: null };
  return { what, name: groups['name']!, from, to };
}
