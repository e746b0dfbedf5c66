/** What is not in blocks yet: staged in the file, or still on the tapes. */
import { joinTables, unpackTables } from '../codec/process-block.ts';
import { unpackRows } from '../codec/row-blocks.ts';
import { joinRows, RowGatherer, rowsBetween, type Rows } from '../codec/rows.ts';
import type { HistoryFile } from '../file/history-file.ts';
import { spanAt, type Stretch } from '../file/spans.ts';
import type { KeptProcesses } from '../history-reader.ts';
import type { Tier } from '../ladder.ts';
import type { ProcessRecord, TapeVisitor } from '../tape/records.ts';
import type { HeldTape } from './tape-shelf.ts';

/** `tapes`: those that are not in the file. Null: there is no file yet. */
export function openRows(
  tapes: readonly HeldTape[],
  file: HistoryFile | null,
  finest: Tier,
  host: string,
  { from, to }: Stretch,
): Rows {
  const gatherer = new RowGatherer();
  visit(tapes, host, {
    row({ keys }, time, values) {
      if (time >= from && time < to) gatherer.add(time, keys, values);
    },
    processes: () => undefined,
  });
  const staged = file?.staged('rows', host, spanAt(finest, from), spanAt(finest, to - 1)) ?? [];
  const parts = staged.map(({ body }) => rowsBetween(unpackRows(body), from, to));
  return joinRows([...parts, gatherer.rows()]);
}

/** As `openRows`. */
export function openTables(
  tapes: readonly HeldTape[],
  file: HistoryFile | null,
  finest: Tier,
  host: string,
  { from, to }: Stretch,
): KeptProcesses[] {
  const written: ProcessRecord[] = [];
  visit(tapes, host, { row: () => undefined, processes: (table) => written.push(table) });
  const staged = file?.staged('processes', host, spanAt(finest, from), spanAt(finest, to - 1)) ?? [];
  return joinTables([
    ...staged.map(({ body }) => unpackTables(body)),
    written.map(({ time, total, running, rows }) => ({ time, total, running, rows })),
  ]).filter(({ time }) => time >= from && time < to);
}

function visit(tapes: readonly HeldTape[], host: string, visitor: TapeVisitor): void {
  for (const tape of tapes) tape.visit(host, visitor);
}
