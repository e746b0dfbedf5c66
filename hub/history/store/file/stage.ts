/** The first step of what came: from tapes, where all hosts stand mixed, into the file, by host and span. */
import { readFileSync, rmSync } from 'node:fs';
import type { ArchiveFile } from '../../../archive/archive-folder.ts';
import { packRows } from '../codec/row-blocks.ts';
import { RowGatherer, rowsBetween, type Rows } from '../codec/rows.ts';
import { packTables } from '../codec/process-block.ts';
import type { Tier } from '../ladder.ts';
import { TapeIndex, type ProcessRecord } from '../tape/records.ts';
import type { HistoryFile } from './history-file.ts';
import { spanAt, spansWithin, stretchOf } from './spans.ts';

/** What a host with a broken clock sends from the future is let go: its span would be over only then. */
const MAX_AHEAD_MS = 24 * 3_600_000;

/** All of it is in the file when it returns, and the tapes are gone; or it throws, and they stay. `now` in epoch milliseconds. */
export function stageTapes(
  file: HistoryFile,
  ladder: readonly Tier[],
  tapes: readonly ArchiveFile[],
  now: number,
): void {
  const moved = file.moved;
  const fresh = tapes.filter(({ name }) => !moved.has(name));
  const rows = new Map<string, RowGatherer>();
  const tables = new Map<string, ProcessRecord[]>();
  const oldest = now - ladder.at(-1)!.keepMs;
  const isTaken = (time: number) => time >= oldest && time <= now + MAX_AHEAD_MS;
  for (const { path } of fresh) {
    const tape = readFileSync(path);
    const index = new TapeIndex();
    index.extend(tape);
    for (const host of index.hosts) {
      index.visit(tape, host, {
        row({ keys }, time, values) {
          if (isTaken(time)) gathererOf(rows, host).add(time, keys, values);
        },
        processes(table) {
          if (!isTaken(table.time)) return;
          const before = tables.get(host);
          if (before === undefined) tables.set(host, [table]);
          else before.push(table);
        },
      });
    }
  }
  file.transaction(() => {
    for (const [host, gatherer] of rows) stageRows(file, ladder[0]!, host, gatherer.rows());
    for (const [host, list] of tables) stageTables(file, ladder[0]!, host, list);
    for (const { name } of fresh) file.addMoved(name);
  });
  for (const tape of tapes) rmSync(tape.path, { force: true });
}

function gathererOf(rows: Map<string, RowGatherer>, host: string): RowGatherer {
  let gatherer = rows.get(host);
  if (gatherer === undefined) rows.set(host, (gatherer = new RowGatherer()));
  return gatherer;
}

function stageRows(file: HistoryFile, tier: Tier, host: string, rows: Rows): void {
  const { times } = rows;
  if (times.length === 0) return;
  for (const span of spansWithin(tier, { from: times[0]!, to: times.at(-1)! + 1 })) {
    const { from, to } = stretchOf(tier, span);
    const part = rowsBetween(rows, from, to);
    if (part.times.length > 0) file.stage('rows', span, host, packRows(part));
  }
}

function stageTables(file: HistoryFile, tier: Tier, host: string, tables: readonly ProcessRecord[]): void {
  for (const [span, part] of Map.groupBy(tables, ({ time }) => spanAt(tier, time)))
    file.stage('processes', span, host, packTables(part));
}
