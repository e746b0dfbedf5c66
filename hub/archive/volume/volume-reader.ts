/** A volume as searches read it. Every statement ends before the next begins, so that nothing written has to wait for a reader. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { BlockContent } from './block.ts';
import { BlockHead } from './block-head.ts';
import { allOf, type BlockCondition } from '../search/compile-filter.ts';
import { DamagedVolumeError, EmptyVolumeError } from '../damage.ts';
import { VOLUME_VERSION } from './volume-version.ts';

/** What is known of a block without looking into it. */
export interface BlockSummary {
  id: number;
  lines: number;
  /** Epoch milliseconds of its oldest and newest line. */
  oldest: number;
  newest: number;
  /** Lines by `codeOfLevel`. */
  counts: number[];
}

export interface Range {
  /** Epoch milliseconds, the end excluded. */
  from: number;
  to: number;
}

export class VolumeReader implements Disposable {
  readonly #database: DatabaseSync;
  readonly #head: StatementSync;
  readonly #texts: StatementSync;
  readonly #fields: StatementSync;
  /** Tapes whose lines are here. */
  readonly moved: readonly string[];
  /** Blocks that are added later do not count: their lines are read from the tapes. */
  readonly #last: number;

  /** Throws where there is none, or none of SQLite. */
  constructor(file: string) {
    this.#database = new DatabaseSync(file, { readOnly: true });
    try {
      this.#database.exec('PRAGMA busy_timeout = 2000; PRAGMA cache_size = -2048');
      this.#checkVersion();
      this.#database.exec('BEGIN');
      this.moved = this.#database
        .prepare('SELECT tape FROM moved')
        .all()
        .map(({ tape }) => tape as string);
      this.#last = (this.#database.prepare('SELECT max(id) AS last FROM blocks').get()!['last'] ??
        0) as number;
      this.#database.exec('COMMIT');
      this.#head = this.#database.prepare('SELECT head FROM contents WHERE id = ?');
      this.#texts = this.#database.prepare('SELECT texts FROM contents WHERE id = ?');
      this.#fields = this.#database.prepare('SELECT fields FROM contents WHERE id = ?');
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** How many lines there are, and of when the oldest is; null where there are none. */
  get extent(): { lines: number; oldest: number; newest: number } | null {
    const { lines, oldest, newest } = this.#database
      .prepare(
        'SELECT sum(lines) AS lines, min(oldest) AS oldest, max(newest) AS newest FROM blocks WHERE id <= ?',
      )
      .get(this.#last) as { lines: number | null; oldest: number; newest: number };
    return lines === null ? null : { lines, oldest, newest };
  }

  /** Blocks that may hold such lines, in the order they were written. */
  blocks(condition: BlockCondition, { from, to }: Range): BlockSummary[] {
    const within: BlockCondition = {
      sql: 'id <= ? AND newest >= ? AND oldest < ?',
      parameters: [this.#last, finite(from), finite(to)],
    };
    const all = allOf([within, condition]);
    const rows = this.#database
      .prepare(`SELECT id, lines, oldest, newest, counts FROM blocks WHERE ${all.sql} ORDER BY id`)
      .all(...all.parameters) as unknown as (Omit<BlockSummary, 'counts'> & { counts: string })[];
    return rows.map((row) => ({ ...row, counts: row.counts.split(' ').map(Number) }));
  }

  /** The blocks that may hold this place of the epoch or one behind it, in the order they were written. */
  spansFrom(epoch: string, sequence: number): number[] {
    return this.#database
      .prepare('SELECT block FROM spans WHERE epoch = ? AND last >= ? AND block <= ? ORDER BY block')
      .all(epoch, sequence, this.#last)
      .map(({ block }) => block as number);
  }

  /** Whether any line of this start of a hub is here. */
  hasEpoch(epoch: string): boolean {
    const row = this.#database
      .prepare('SELECT 1 FROM spans WHERE epoch = ? AND block <= ? LIMIT 1')
      .get(epoch, this.#last);
    return row !== undefined;
  }

  head(id: number): BlockHead {
    return new BlockHead(found(this.#head.get(id)?.['head'])!);
  }

  content(id: number, head: BlockHead): BlockContent {
    return new BlockContent(head, {
      texts: () => found(this.#texts.get(id)?.['texts'])!,
      fields: () => found(this.#fields.get(id)?.['fields']),
    });
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #checkVersion(): void {
    const version = this.#database.prepare('PRAGMA user_version').get()!['user_version'] as number;
    if (version === 0) throw new EmptyVolumeError();
    if (version !== VOLUME_VERSION)
      throw new DamagedVolumeError(`The volume was written by another version (${version})`);
  }
}

/** SQLite has no infinite integers. */
function finite(time: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(-Number.MAX_SAFE_INTEGER, time));
}

function found(blob: unknown): Uint8Array | null {
  if (blob instanceof Uint8Array || blob === null) return blob;
  throw new DamagedVolumeError('A volume lacks the lines of a block');
}
