/** Lines of one host around one line, from those this page holds: where the hub keeps none. */
import type { LogStore } from '../../store/log-store.ts';
import type { ContextAnswer } from '../../../shared/schema/log-search.ts';
import type { Around } from './archive-address.ts';

/** Null: the line is not held. Ids are '' where a line has none. */
export function heldAround({ rows }: LogStore, around: Around, each: number): ContextAnswer | null {
  let middle = rows.next - 1;
  for (; middle >= rows.first; middle--) {
    const row = rows.at(middle)!;
    if (row.kind !== 'line') continue;
    if ('id' in around ? row.id === around.id : isAt(row.line, around)) break;
  }
  const found = rows.at(middle);
  if (found?.kind !== 'line') return null;
  const lines: ContextAnswer['lines'] = [];
  const take = (from: number, step: 1 | -1): void => {
    for (let number = from, taken = 0; taken < each; number += step) {
      const row = rows.at(number);
      if (row === undefined) return;
      if (row.kind !== 'line' || row.line.host !== found.line.host) continue;
      lines.push({ id: row.id ?? '', line: row.line });
      taken++;
    }
  };
  take(middle - 1, -1);
  lines.reverse();
  const at = lines.length;
  lines.push({ id: found.id ?? '', line: found.line });
  take(middle + 1, 1);
  return { lines, at, hasOlder: false, hasNewer: false };
}

function isAt(line: { host: string; time: number }, { host, time }: { host: string; time: number }): boolean {
  return line.host === host && line.time === time;
}
