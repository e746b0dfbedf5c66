/** How far the logs of this machine were read, as plain values for a disk: a next start goes on from there. */
import { isKeptFile, type KeptFile } from './file/kept-positions.ts';
import type { JournalPosition } from './journal/journal-source.ts';

export interface LogPositions {
  /** Epoch milliseconds of the reading: a file that was born later was never seen. */
  at: number;
  files: KeptFile[];
  /** The newest entry read; null where the journal is not followed. */
  journal: JournalPosition | null;
}

/** `newer` may hold only what changed: the rest is as it was. */
export function mergePositions(older: LogPositions | null, newer: LogPositions): LogPositions {
  const files = new Map(older?.files.map((file) => [file.path, file]));
  for (const file of newer.files) files.set(file.path, file);
  return { at: newer.at, files: [...files.values()], journal: newer.journal ?? older?.journal ?? null };
}

/** Null for what is no such thing: then reading begins as at the first start. */
export function parsePositions(json: string): LogPositions | null {
  let value: Partial<LogPositions> | null;
  try {
    value = JSON.parse(json) as Partial<LogPositions> | null;
  } catch {
    return null;
  }
  const { at, files, journal } = value ?? {};
  if (!Number.isSafeInteger(at) || !Array.isArray(files) || !files.every(isKeptFile)) return null;
  return { at: at!, files, journal: isJournalPosition(journal) ? journal : null };
}

function isJournalPosition(value: unknown): value is JournalPosition {
  const { cursor, time } = (value ?? {}) as Partial<JournalPosition>;
  // It becomes an argument of journalctl: nothing but what journald writes itself.
  return typeof cursor === 'string' && /^[\w;=-]{1,512}$/.test(cursor) && Number.isSafeInteger(time);
}
