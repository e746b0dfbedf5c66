/** Mending: a file that SQLite calls damaged is set aside, and what can still be read of it begins the next one. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Tier } from '../ladder.ts';
import { HistoryFile } from './history-file.ts';

/** SQLite's own, beside the file: what was written last may stand there. */
const besides = ['-wal', '-shm'];
/** Rows that are read and written together. */
const TOGETHER = 1_000;

export interface MendOptions {
  file: string;
  ladder: readonly Tier[];
  /** What SQLite said of it. */
  cause: Error;
  /** Epoch milliseconds: from where history goes on, if the file does not tell. */
  now: number;
}

/** Answers in a sentence what was damaged, and what became of it. Throws what the disk throws. */
export function mendFile({ file, ladder, cause, now }: MendOptions): string {
  const aside = `${file}.damaged`;
  for (const ending of ['', ...besides]) {
    rmSync(aside + ending, { force: true });
    if (existsSync(file + ending)) renameSync(file + ending, aside + ending);
  }
  using mended = new HistoryFile(file, { tiers: ladder.length });
  const blocks = rescue(aside, mended);
  mended.completeMarks(ladder, now);
  return `${path.basename(file)} is damaged (${cause.message}): it was set aside as ${path.basename(aside)}, and ${blocks} blocks of it were rescued.`;
}

function rescue(aside: string, mended: HistoryFile): number {
  using damaged = openDamaged(aside);
  if (damaged === null) return 0;
  for (const table of mended.tables) {
    for (const rows of readableRows(damaged, table)) mended.copyIn(table, rows);
  }
  return mended.putInOrder();
}

/** Null: it cannot even be opened. */
function openDamaged(file: string): DatabaseSync | null {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file);
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch {
    database?.close();
    return null;
  }
}

export type RawRow = Record<string, SQLInputValue> & { rowid: number };

/** In the order of their numbers. What cannot be read is leapt over, twice as far with each try that fails. */
function* readableRows(damaged: DatabaseSync, table: string): Generator<RawRow[]> {
  let from = 0;
  let leap = 1;
  while (from <= Number.MAX_SAFE_INTEGER) {
    const { rows, end } = readSome(damaged, table, from);
    yield rows;
    if (end === 'none') return;
    if (rows.length > 0) leap = 1;
    from = (rows.at(-1)?.rowid ?? from) + (end === 'damaged' ? leap : 1);
    if (end === 'damaged') leap *= 2;
  }
}

function readSome(
  damaged: DatabaseSync,
  table: string,
  from: number,
): { rows: RawRow[]; end: 'more' | 'none' | 'damaged' } {
  const rows: RawRow[] = [];
  try {
    const found = damaged
      .prepare(`SELECT rowid AS rowid, * FROM ${table} WHERE rowid >= ? ORDER BY rowid LIMIT ${TOGETHER}`)
      .iterate(from);
    for (const row of found) rows.push(row as RawRow);
    return { rows, end: rows.length < TOGETHER ? 'none' : 'more' };
  } catch {
    return { rows, end: 'damaged' };
  }
}
