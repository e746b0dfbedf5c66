/**
 * A volume: one SQLite file with blocks of lines, and an index of what they hold. It is written once, front to back, and removed as
 * a whole. A written line is found at once; what a crash leaves half-done is as if it had never begun.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { plainText } from '../../../shared/ansi-text.ts';
import { logLevels } from '../../../shared/log-level.ts';
import type { ArchivedEntry } from '../archived.ts';
import { codeOfLevel } from './block-head.ts';
import { blocksOf, packBlock } from './block.ts';
import { DamagedVolumeError } from '../damage.ts';
import { TermList } from './terms.ts';
import { VOLUME_VERSION } from './volume-version.ts';

const schema = `
  CREATE TABLE blocks (
    id INTEGER PRIMARY KEY,
    lines INTEGER NOT NULL,
    oldest INTEGER NOT NULL,
    newest INTEGER NOT NULL,
    levels INTEGER NOT NULL,
    counts TEXT NOT NULL
  );
  CREATE TABLE contents (id INTEGER PRIMARY KEY, head BLOB NOT NULL, texts BLOB NOT NULL, fields BLOB);
  CREATE TABLE spans (
    epoch TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    block INTEGER NOT NULL,
    PRIMARY KEY (epoch, first, block)
  ) WITHOUT ROWID;
  CREATE TABLE moved (tape TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE VIRTUAL TABLE terms USING fts5(list, content='', columnsize=0, detail=none, tokenize='ascii');
  INSERT INTO terms (terms, rank) VALUES ('hashsize', 4194304);
`;

export class Volume implements Disposable {
  readonly #database: DatabaseSync;
  readonly #insertBlock: StatementSync;
  readonly #insertContent: StatementSync;
  readonly #insertSpan: StatementSync;
  readonly #insertTerms: StatementSync;
  readonly #insertMoved: StatementSync;
  readonly #terms = new TermList();

  /** Made where there is none. Throws what SQLite throws, and where the file is of another version. */
  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    try {
      this.#open();
    } catch (error) {
      this.#database.close();
      throw error;
    }
    const insert = (into: string, places: number) =>
      this.#database.prepare(`INSERT INTO ${into} VALUES (${Array(places).fill('?').join(', ')})`);
    this.#insertBlock = insert('blocks (id, lines, oldest, newest, levels, counts)', 6);
    this.#insertContent = insert('contents (id, head, texts, fields)', 4);
    this.#insertSpan = insert('spans (epoch, first, last, block)', 4);
    this.#insertTerms = insert('terms (rowid, list)', 2);
    this.#insertMoved = insert('moved (tape)', 1);
  }

  hasMoved(tape: string): boolean {
    return this.#database.prepare('SELECT 1 FROM moved WHERE tape = ?').get(tape) !== undefined;
  }

  /** The lines of these tapes: all of them are on the disk when it returns, or none is, and it throws. */
  move(tapes: readonly string[], entries: Iterable<ArchivedEntry>): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const block of blocksOf(entries)) this.#add(block);
      for (const tape of tapes) this.#insertMoved.run(tape);
      this.#database.exec('COMMIT');
    } catch (error) {
      // Where the disk is full, SQLite has rolled back itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** No line comes any more: the index is put in order, and one file is left. No reader is waited for. */
  seal(): void {
    this.#database.exec(`INSERT INTO terms (terms) VALUES ('optimize'); PRAGMA busy_timeout = 0`);
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    try {
      this.#database.exec('PRAGMA journal_mode = DELETE');
    } catch {
      // Somebody reads it: then its two small files stay.
    }
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #open(): void {
    const database = this.#database;
    database.exec('PRAGMA busy_timeout = 2000');
    const version = database.prepare('PRAGMA user_version').get()!['user_version'] as number;
    if (version !== 0 && version !== VOLUME_VERSION)
      throw new DamagedVolumeError(`The volume was written by another version (${version})`);
    if (version === 0) database.exec('PRAGMA page_size = 8192');
    // FULL: tapes are removed right after, so what was moved must have left the memory.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -4096');
    if (version === 0) database.exec(`BEGIN; ${schema} PRAGMA user_version = ${VOLUME_VERSION}; COMMIT`);
  }

  #add(entries: readonly ArchivedEntry[]): void {
    const times = entries.map(({ line }) => line.time);
    const counts = new Array<number>(logLevels.length + 1).fill(0);
    for (const { line } of entries) counts[codeOfLevel(line.level)]!++;
    const levels = counts.reduce((bits, count, code) => (count > 0 ? bits | (1 << code) : bits), 0);
    const oldest = times.reduce((a, b) => Math.min(a, b));
    const newest = times.reduce((a, b) => Math.max(a, b));
    const { lastInsertRowid: id } = this.#insertBlock.run(
      null,
      entries.length,
      oldest,
      newest,
      levels,
      counts.join(' '),
    );
    const { head, texts, fields } = packBlock(entries);
    this.#insertContent.run(id, head, texts, fields);
    for (const { epoch, first, last } of spansOf(entries)) this.#insertSpan.run(epoch, first, last, id);
    this.#insertTerms.run(id, this.#termsOf(entries));
  }

  #termsOf(entries: readonly ArchivedEntry[]): string {
    this.#terms.begin();
    for (const { line } of entries) {
      this.#terms.addText(plainText(line.text));
      if (line.fields === undefined) continue;
      for (const value of Object.values(line.fields)) this.#terms.addValue(String(value));
    }
    for (const host of new Set(entries.map(({ line }) => line.host))) this.#terms.addHost(host);
    return this.#terms.toString();
  }
}

/** From which to which sequence number of which epoch. */
function spansOf(entries: readonly ArchivedEntry[]): { epoch: string; first: number; last: number }[] {
  const spans = new Map<string, { epoch: string; first: number; last: number }>();
  for (const { epoch, sequence } of entries) {
    const span = spans.get(epoch);
    if (span === undefined) spans.set(epoch, { epoch, first: sequence, last: sequence });
    else {
      span.first = Math.min(span.first, sequence);
      span.last = Math.max(span.last, sequence);
    }
  }
  return [...spans.values()];
}
