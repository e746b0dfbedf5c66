/** Rows of several hosts as one tail: by time, and the lines of each host in the order in which it sent them. */
import type { LogRow } from './log-row.ts';

/** Lines of one host come in order, and so do marks of late ones. A gap goes where it ends, or where nobody knows, stays behind the row before it. */
export function asOneTail(rows: readonly LogRow[]): LogRow[] {
  const newestOf = new Map<string, number>();
  let last = -Infinity;
  return rows
    .map((row) => {
      if (row.kind === 'gap' && row.to !== null) return { row, order: row.to };
      if (row.kind === 'line') {
        const { host, time } = row.line;
        last = Math.max(newestOf.get(host) ?? -Infinity, time);
        newestOf.set(host, last);
      } else if (row.kind === 'late') last = Math.max(newestOf.get(row.host) ?? -Infinity, row.from);
      return { row, order: last };
    })
    .sort((a, b) => a.order - b.order)
    .map(({ row }) => row);
}
