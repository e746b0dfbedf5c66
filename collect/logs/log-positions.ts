/** How far the logs of this machine were read, as plain values for a disk: a next start goes on from there. */
import { isKeptFile, worthKeeping, type KeptFile } from './file/kept-positions.ts';
import { isKeptContainer, type KeptContainer } from './containers/kept-container.ts';
import type { JournalPosition } from './journal/journal-source.ts';
import { isSystemPositions, type SystemPositions } from './system/system-positions.ts';

export interface LogPositions {
  /** Epoch milliseconds of the reading: a file that was born later was never seen. */
  at: number;
  files: KeptFile[];
  /** The newest entry read; null where the journal is not followed. */
  journal: JournalPosition | null;
  /** Of each container whose log was read. Left out: containers were not followed. */
  containers?: KeptContainer[];
  /** Of macOS's and Windows' own logs. Left out: they were not followed. */
  system?: SystemPositions;
}

/** `newer` may hold only what changed: the rest is as it was. Files that are gone for long are left out. */
export function mergePositions(older: LogPositions | null, newer: LogPositions): LogPositions {
  const files = new Map(older?.files.map((file) => [file.path, file]));
  for (const file of newer.files) files.set(file.path, file);
  const containers = newer.containers ?? older?.containers;
  const system = newer.system ?? older?.system;
  return {
    at: newer.at,
    files: worthKeeping([...files.values()], newer.at),
    journal: newer.journal ?? older?.journal ?? null,
    ...(containers !== undefined && { containers }),
    ...(system !== undefined && { system }),
  };
}

/** Null for what is no such thing: then reading begins as at the first start. */
export function parsePositions(json: string): LogPositions | null {
  let value: Partial<LogPositions> | null;
  try {
    value = JSON.parse(json) as Partial<LogPositions> | null;
  } catch {
    return null;
  }
  const { at, files, journal, containers, system } = value ?? {};
  if (!Number.isSafeInteger(at) || !Array.isArray(files) || !files.every(isKeptFile)) return null;
  return {
    at: at!,
    files,
    journal: isJournalPosition(journal) ? journal : null,
    ...(Array.isArray(containers) && { containers: containers.filter(isKeptContainer) }),
    ...(isSystemPositions(system) && { system }),
  };
}

function isJournalPosition(value: unknown): value is JournalPosition {
  const { cursor, time, units = [] } = (value ?? {}) as Partial<JournalPosition>;
  if (!Array.isArray(units) || !units.every((unit) => typeof unit === 'string')) return false;
  // It becomes an argument of journalctl: nothing but what journald writes itself.
  return typeof cursor === 'string' && /^[\w;=-]{1,512}$/.test(cursor) && Number.isSafeInteger(time);
}
