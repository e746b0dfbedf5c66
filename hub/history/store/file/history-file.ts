/**
 * The file of history: one SQLite database. A block is one series over one span of a tier, or in the finest tier the sheet of all series of a host; its
 * number is the span's and the series', so that blocks are appended in the order of time, pages stay full, and what has become too old is one stretch at the beginning.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Tier } from '../ladder.ts';
import { DamagedHistoryError } from './damage.ts';
import type { RawRow } from './mend.ts';
import {
  LOG_BYTES,
  nameOf,
  numberOf,
  PAGE_BYTES,
  PROCESSES,
  SPAN_FACTOR,
  tablesOf,
  TIMES,
  VERSION,
  type BlockTable,
} from './tables.ts';

export type StagedKind = 'rows' | 'processes';

export interface Staged {
  id: number;
  span: number;
  host: string;
  body: Uint8Array;
}

/** Between these two times a tier has all there is; epoch milliseconds. What is older was dropped, what is newer is in the tier below it. */
export interface Marks {
  kept: number;
  sealed: number;
}

export interface HistoryFileOptions {
  tiers: number;
  isReadOnly?: boolean;
}

/** Nothing is in it yet. */
class EmptyHistoryError extends Error {}

/** Whoever holds the file is waited for so long. */
const BUSY_MS = 2_000;

/** SQLITE_CANTOPEN (sqlite.org/rescode.html). */
const CANNOT_OPEN = 14;

export class HistoryFile implements Disposable {
  readonly #database: DatabaseSync;
  readonly #blockTables: readonly BlockTable[];
  readonly #statements = new Map<string, StatementSync>();

  /** Null: it is being made at this moment, or was removed. */
  static toRead(path: string, tiers: number): HistoryFile | null {
    try {
      return new HistoryFile(path, { tiers, isReadOnly: true });
    } catch (error) {
      if (error instanceof EmptyHistoryError || (error as { errcode?: unknown }).errcode === CANNOT_OPEN)
        return null;
      throw error;
    }
  }

  /** Made where there is none, unless only read. Throws what SQLite throws, and a `DamagedHistoryError` where it is of another version. */
  constructor(path: string, { tiers, isReadOnly = false }: HistoryFileOptions) {
    this.#blockTables = [...Array.from({ length: tiers }, (_, tier) => tier), PROCESSES];
    this.#database = new DatabaseSync(path, { readOnly: isReadOnly });
    try {
      this.#open(tiers, isReadOnly);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** All of it is on the disk when it returns, or none is, and it throws. */
  transaction<Result>(write: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = write();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // Where the disk is full, SQLite has rolled back itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** What is read within stands as it was at one moment. */
  reading<Result>(read: () => Result): Result {
    this.#database.exec('BEGIN');
    try {
      return read();
    } finally {
      this.#database.exec('COMMIT');
    }
  }

  /** By key, the host's times (`TIMES`) among them. */
  seriesOf(host: string): Map<string, number> {
    const rows = this.#prepared('SELECT key, id FROM series WHERE host = ? ORDER BY id').all(host);
    return new Map(rows.map(({ key, id }) => [key as string, id as number]));
  }

  /** The number of a series that has none yet. `seen`: epoch milliseconds, see `dropSeries`. */
  addSeries(host: string, key: string, seen: number): number {
    const { lastInsertRowid } = this.#prepared('INSERT INTO series (host, key, seen) VALUES (?, ?, ?)').run(
      host,
      key,
      seen,
    );
    return Number(lastInsertRowid);
  }

  seriesSeen(id: number, seen: number): void {
    this.#prepared('UPDATE series SET seen = max(seen, ?) WHERE id = ?').run(seen, id);
  }

  /** Series that were not seen since: of devices that are gone for longer than anything is kept. */
  dropSeries(before: number): void {
    this.#prepared('DELETE FROM series WHERE seen < ?').run(before);
  }

  /** Hosts of which the table has blocks in this span. */
  hostsIn(table: BlockTable, span: number): string[] {
    const rows = this.#prepared(
      `SELECT host FROM series WHERE key = ? AND EXISTS (SELECT 1 FROM ${nameOf(table)} AS blocks WHERE blocks.id = ? + series.id) ORDER BY id`,
    ).all(TIMES, span * SPAN_FACTOR);
    return rows.map(({ host }) => host as string);
  }

  block(table: BlockTable, span: number, series: number): Uint8Array | null {
    const row = this.#prepared(`SELECT body FROM ${nameOf(table)} WHERE id = ?`).get(
      span * SPAN_FACTOR + series,
    );
    return (row?.['body'] as Uint8Array | undefined) ?? null;
  }

  /** Takes the place of what was there; null: nothing does. */
  putBlock(table: BlockTable, span: number, series: number, body: Uint8Array | null): void {
    const id = span * SPAN_FACTOR + series;
    const name = nameOf(table);
    const before = this.#prepared(`SELECT length(body) AS bytes FROM ${name} WHERE id = ?`).get(id)?.[
      'bytes'
    ];
    const grown = (body?.length ?? 0) - ((before as number | undefined) ?? 0);
    if (body !== null)
      this.#prepared(`INSERT OR REPLACE INTO ${name} (id, body) VALUES (?, ?)`).run(id, body);
    else if (before !== undefined) this.#prepared(`DELETE FROM ${name} WHERE id = ?`).run(id);
    if (grown === 0) return;
    this.#prepared(
      'INSERT INTO spans (tier, span, bytes) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes',
    ).run(numberOf(table), span, grown);
  }

  /** The first that has blocks; null: none has. */
  oldestSpan(table: BlockTable): number | null {
    const row = this.#prepared('SELECT min(span) AS span FROM spans WHERE tier = ?').get(numberOf(table));
    return row!['span'] as number | null;
  }

  /** The first and last span of a tier that has blocks of the host; null: none has. */
  spansWithBlocks(tier: number, host: string): { first: number; last: number } | null {
    const series = this.seriesOf(host).get(TIMES);
    if (series === undefined) return null;
    const edge = (order: 'ASC' | 'DESC') =>
      this.#prepared(
        `SELECT span FROM spans WHERE tier = ? AND EXISTS (SELECT 1 FROM ${nameOf(tier)} AS blocks WHERE blocks.id = span * ${SPAN_FACTOR} + ?)
         ORDER BY span ${order} LIMIT 1`,
      ).get(tier, series)?.['span'] as number | undefined;
    const first = edge('ASC');
    return first === undefined ? null : { first, last: edge('DESC')! };
  }

  /** Of all blocks of the table. */
  bytesOf(table: BlockTable): number {
    const row = this.#prepared('SELECT sum(bytes) AS bytes FROM spans WHERE tier = ?').get(numberOf(table));
    return (row!['bytes'] as number | null) ?? 0;
  }

  dropSpan(table: BlockTable, span: number): void {
    this.#prepared(`DELETE FROM ${nameOf(table)} WHERE id >= ? AND id < ?`).run(
      span * SPAN_FACTOR,
      (span + 1) * SPAN_FACTOR,
    );
    this.#prepared('DELETE FROM spans WHERE tier = ? AND span = ?').run(numberOf(table), span);
  }

  stage(kind: StagedKind, span: number, host: string, body: Uint8Array): void {
    this.#prepared('INSERT INTO staged (kind, span, host, body) VALUES (?, ?, ?, ?)').run(
      kind,
      span,
      host,
      body,
    );
  }

  /** In the order they came. */
  staged(kind: StagedKind, host: string, from: number, to: number): Staged[] {
    const rows = this.#prepared(
      'SELECT id, span, host, body FROM staged WHERE host = ? AND kind = ? AND span >= ? AND span <= ? ORDER BY id',
    ).all(host, kind, from, to);
    return rows as unknown as Staged[];
  }

  /** The first and last span of which rows of the host are staged; null: none are. */
  spansStaged(host: string): { first: number; last: number } | null {
    const row = this.#prepared(
      "SELECT min(span) AS first, max(span) AS last FROM staged WHERE host = ? AND kind = 'rows'",
    ).get(host) as { first: number | null; last: number | null };
    return row.first === null ? null : (row as { first: number; last: number });
  }

  /** What is staged of spans before this one: of which hosts, in the order of their numbers, and in which spans. */
  stagedBefore(kind: StagedKind, span: number): { host: string; span: number }[] {
    const rows = this.#prepared(
      `SELECT DISTINCT staged.host AS host, span FROM staged LEFT JOIN series ON series.host = staged.host AND series.key = ?
       WHERE kind = ? AND span < ? ORDER BY span, series.id`,
    ).all(TIMES, kind, span);
    return rows as unknown as { host: string; span: number }[];
  }

  get stagedBytes(): number {
    return (
      (this.#prepared('SELECT sum(length(body)) AS bytes FROM staged').get()!['bytes'] as number | null) ?? 0
    );
  }

  unstage(kind: StagedKind, host: string, span: number): void {
    this.#prepared('DELETE FROM staged WHERE host = ? AND kind = ? AND span = ?').run(host, kind, span);
  }

  get moved(): Set<string> {
    const rows = this.#prepared('SELECT tape FROM moved').all();
    return new Set(rows.map(({ tape }) => tape as string));
  }

  addMoved(tape: string): void {
    this.#prepared('INSERT OR IGNORE INTO moved (tape) VALUES (?)').run(tape);
  }

  /** A tape that is not there any more needs no name either. */
  forgetMoved(tape: string): void {
    this.#prepared('DELETE FROM moved WHERE tape = ?').run(tape);
  }

  marksOf(tier: number): Marks | null {
    const row = this.#prepared('SELECT kept, sealed FROM marks WHERE tier = ?').get(tier);
    return (row as unknown as Marks | undefined) ?? null;
  }

  mark(tier: number, { kept, sealed }: Marks): void {
    this.#prepared('INSERT OR REPLACE INTO marks (tier, kept, sealed) VALUES (?, ?, ?)').run(
      tier,
      kept,
      sealed,
    );
  }

  /**
   * Those whose rows are copied out of a damaged file, in this order. What `spans` says comes from the others, and a tape that is brought in again
   * changes nothing.
   */
  get tables(): string[] {
    return ['series', 'marks', 'staged', ...this.#blockTables.map(nameOf)];
  }

  /** Rows of a damaged file, as they stood there. */
  copyIn(table: string, rows: readonly RawRow[]): void {
    this.transaction(() => {
      for (const { rowid: _, ...row } of rows) {
        const names = Object.keys(row);
        this.#prepared(
          `INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        ).run(...Object.values(row));
      }
    });
  }

  /** After copying: blocks of unknown series go, and the spans are counted anew. Answers how many blocks there are. */
  putInOrder(): number {
    let blocks = 0;
    this.transaction(() => {
      for (const table of this.#blockTables) {
        const name = nameOf(table);
        this.#database.exec(`DELETE FROM ${name} WHERE id % ${SPAN_FACTOR} NOT IN (SELECT id FROM series)`);
        this.#database.exec(
          `INSERT INTO spans (tier, span, bytes) SELECT ${numberOf(table)}, id / ${SPAN_FACTOR}, sum(length(body)) FROM ${name} GROUP BY 2`,
        );
        blocks += this.#database.prepare(`SELECT count(*) AS count FROM ${name}`).get()!['count'] as number;
      }
    });
    return blocks;
  }

  /** Where marks are missing, history goes on behind what there is, or at `now`, in epoch milliseconds. */
  completeMarks(ladder: readonly Tier[], now: number): void {
    let sealed = now;
    for (const [tier, { spanMs }] of ladder.entries()) {
      const marks = this.marksOf(tier);
      const newest = this.#prepared('SELECT max(span) AS span FROM spans WHERE tier = ?').get(tier)!['span'];
      const end = newest === null ? sealed : ((newest as number) + 1) * spanMs;
      sealed = Math.min(
        marks?.sealed ?? Math.floor(end / spanMs) * spanMs,
        Math.floor(sealed / spanMs) * spanMs,
      );
      if (marks === null) this.mark(tier, { kept: 0, sealed });
    }
  }

  /** In use, in bytes: pages that wait to be used again do not count. */
  get bytes(): number {
    return (this.#pragma('page_count') - this.#pragma('freelist_count')) * this.#pragma('page_size');
  }

  /** Pages that wait to be used again, as a part of all. */
  get emptyShare(): number {
    return this.#pragma('freelist_count') / this.#pragma('page_count');
  }

  /** Gives empty pages back to the disk, up to so many. */
  shrink(pages: number): void {
    this.#database.exec(`PRAGMA incremental_vacuum(${pages})`);
  }

  /** Writes the log back, as far as nobody reads what is older. It is begun anew with the next write. */
  writeBack(): void {
    this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  /** ... and cuts it. False: somebody still reads what stands in it. */
  cutLog(): boolean {
    this.#database.exec('PRAGMA busy_timeout = 0');
    const { busy } = this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()!;
    this.#database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    return busy === 0;
  }

  get integrity(): string {
    return this.#database.prepare('PRAGMA integrity_check').get()!['integrity_check'] as string;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #open(tiers: number, isReadOnly: boolean): void {
    const database = this.#database;
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    const version = database.prepare('PRAGMA user_version').get()!['user_version'] as number;
    if (version === 0 && isReadOnly) throw new EmptyHistoryError();
    if (version !== VERSION && version !== 0)
      throw new DamagedHistoryError(`History was written by another version (${version})`);
    if (isReadOnly) {
      database.exec('PRAGMA cache_size = -4096');
      return;
    }
    if (version === 0) database.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA auto_vacuum = INCREMENTAL`);
    // FULL: tapes are removed right after, so what was moved must have left the memory.
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192; PRAGMA journal_size_limit = ${LOG_BYTES}`,
    );
    if (version === 0) database.exec(`BEGIN; ${tablesOf(tiers)} PRAGMA user_version = ${VERSION}; COMMIT`);
  }

  #pragma(name: string): number {
    return this.#database.prepare(`PRAGMA ${name}`).get()![name] as number;
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
