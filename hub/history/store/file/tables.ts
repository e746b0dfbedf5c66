/** The tables of the file, and how blocks are numbered in them. */

export const VERSION = 1;
/** Of larger ones more stays empty: there are a dozen tables, and sheets of an hour lie over many pages. */
export const PAGE_BYTES = 4 * 1024;
/** A write-ahead log larger than this is cut once it is empty. */
export const LOG_BYTES = 16 * 1024 * 1024;
/** A block's number is that of its span times this, and that of its series. Spans of a minute and more stay safe integers until 2033, of an hour for ever. */
export const SPAN_FACTOR = 2 ** 28;

/** The series of a host that holds its times, and in coarser tiers when its newest samples were. */
export const TIMES = '';

/** SQL that makes all of them, for so many tiers. */
export function tablesOf(tiers: number): string {
  const blocks = Array.from(
    { length: tiers },
    (_, tier) => `CREATE TABLE tier${tier} (id INTEGER PRIMARY KEY, body BLOB NOT NULL);`,
  );
  return `
    CREATE TABLE series (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      host TEXT NOT NULL,
      key TEXT NOT NULL,
      seen INTEGER NOT NULL,
      UNIQUE (host, key)
    );
    CREATE TABLE staged (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      span INTEGER NOT NULL,
      host TEXT NOT NULL,
      body BLOB NOT NULL
    );
    CREATE INDEX staged_of ON staged (host, kind, span);
    CREATE TABLE moved (tape TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE spans (tier INTEGER, span INTEGER, bytes INTEGER NOT NULL, PRIMARY KEY (tier, span)) WITHOUT ROWID;
    CREATE TABLE marks (tier INTEGER PRIMARY KEY, kept INTEGER NOT NULL, sealed INTEGER NOT NULL);
    ${blocks.join('\n')}
    CREATE TABLE processes (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
  `;
}

/** Blocks of process tables have a number among the tiers, behind all of them. */
export const PROCESSES = 'processes';
export type BlockTable = number | typeof PROCESSES;

export function nameOf(table: BlockTable): string {
  return table === PROCESSES ? PROCESSES : `tier${table}`;
}

export function numberOf(table: BlockTable): number {
  return table === PROCESSES ? -1 : table;
}
