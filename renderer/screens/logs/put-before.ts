/** Puts older lines, as the hub keeps them, before and between those that a snapshot began the tail with: each line once. */
import { asOneTail } from '../../store/as-one-tail.ts';
import type { LateRow, LineRow, LogRow } from '../../store/log-row.ts';
import type { LogStore } from '../../store/log-store.ts';
import type { RowRing } from '../../store/row-ring.ts';
import { parseCursor } from '../../../shared/cursor.ts';
import type { ArchivedLine } from '../../../shared/schema/log-search.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';

/**
 * `found`: the newest lines up to `cursor`, oldest first, in the order in which they came; of each host they end with the snapshot's own.
 * Those get the ids by which the hub knows them.
 */
export function putBefore(store: LogStore, cursor: string, found: readonly ArchivedLine[]): void {
  const { rows } = store;
  const end = firstBehind(rows, cursor);
  const begun = Array.from({ length: end - rows.first }, (_, at) => rows.at(rows.first + at)!);
  const held = new Set(begun.flatMap((row) => (row.kind === 'line' && row.id !== null ? row.id : [])));
  const unnamed = countsOf(begun.flatMap((row) => (row.kind === 'line' && row.id === null ? row.line : [])));
  const ids = new Map<string, string[]>();
  const older: LineRow[] = [];
  // The newest first: of equal lines those are held that came last.
  for (const { id, line } of found.toReversed()) {
    if (held.has(id)) continue;
    const key = keyOf(line);
    const count = unnamed.get(key) ?? 0;
    if (count === 0) older.push({ kind: 'line', line, id });
    else {
      unnamed.set(key, count - 1);
      ids.set(key, [...(ids.get(key) ?? []), id]);
    }
  }
  const named = begun
    .toReversed()
    .map((row) =>
      row.kind === 'line' && row.id === null
        ? { ...row, id: ids.get(keyOf(row.line))?.shift() ?? null }
        : row,
    )
    .reverse();
  store.replace(rows.first, end, asOneTail([...withLateMarks(older.reverse()), ...named]));
}

/** The first row that is no part of what the tail began with. */
function firstBehind(rows: RowRing, cursor: string): number {
  const place = parseCursor(cursor)!;
  for (let number = rows.first; number < rows.next; number++) {
    const row = rows.at(number)!;
    const own = row.kind === 'line' && row.id !== null ? parseCursor(row.id) : null;
    if (own?.epoch === place.epoch && own.sequence > place.sequence) return withoutMarks(rows, number);
  }
  return rows.next;
}

/** The marks right before a row say something about it. */
function withoutMarks(rows: RowRing, number: number): number {
  let first = number;
  while (rows.at(first - 1)?.kind === 'late') first--;
  return first;
}

function countsOf(lines: readonly LogLine[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(keyOf(line), (counts.get(keyOf(line)) ?? 0) + 1);
  return counts;
}

/** Equal for the same line sent twice. */
export function keyOf({ host, time, source, level, text }: LogLine): string {
  return JSON.stringify([host, time, source, level, text]);
}

/** A mark before each run of lines of one host that came late. */
export function withLateMarks(lines: readonly LineRow[]): LogRow[] {
  const rows: LogRow[] = [];
  for (let at = 0; at < lines.length;) {
    const { host, late } = lines[at]!.line;
    let end = at + 1;
    while (end < lines.length && lines[end]!.line.host === host && lines[end]!.line.late === late) end++;
    const run = lines.slice(at, end);
    if (late) rows.push(lateMark(host, run));
    rows.push(...run);
    at = end;
  }
  return rows;
}

function lateMark(host: string, run: readonly LineRow[]): LateRow {
  const times = run.map(({ line }) => line.time);
  return { kind: 'late', host, from: Math.min(...times), to: Math.max(...times), count: run.length };
}
