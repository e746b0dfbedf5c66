/** Which process rows are shown, and in what order. */
import type { ProcessRow } from '../../../shared/schema/processes.ts';

export const processSorts = ['pid', 'name', 'user', 'cpu', 'memory', 'io'] as const;
export type ProcessSort = (typeof processSorts)[number];

export interface ProcessOrder {
  sort: ProcessSort;
  isDescending: boolean;
}

/** Numbers are looked at from the top, names from A. */
export function firstDirection(sort: ProcessSort): ProcessOrder {
  return { sort, isDescending: sort === 'cpu' || sort === 'memory' || sort === 'io' };
}

/** A pid is used again one day; with its start it names a process for good. */
export function processKey(row: ProcessRow): string {
  return `${row.pid}:${row.startTime}`;
}

/** Read and written bytes per second; null without permission to know. */
export function ioOf(row: ProcessRow): number | null {
  const { readBytesPerSecond: read, writeBytesPerSecond: write } = row;
  return read === null && write === null ? null : (read ?? 0) + (write ?? 0);
}

const compare: Record<ProcessSort, (a: ProcessRow, b: ProcessRow) => number> = {
  pid: (a, b) => a.pid - b.pid,
  name: (a, b) => byText(a.name, b.name),
  user: (a, b) => byText(a.user, b.user),
  cpu: (a, b) => a.cpuPercent - b.cpuPercent,
  memory: (a, b) => a.residentBytes - b.residentBytes,
  // Unknown is below zero, so it is last where the busiest come first.
  io: (a, b) => (ioOf(a) ?? -1) - (ioOf(b) ?? -1),
};

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A sorted copy; rows that compare equal go by what they use, then by pid, so that they keep their places. */
export function sortProcesses(
  rows: readonly ProcessRow[],
  { sort, isDescending }: ProcessOrder,
): ProcessRow[] {
  const sign = isDescending ? -1 : 1;
  return [...rows].sort(
    (a, b) =>
      sign * compare[sort](a, b) ||
      b.cpuPercent - a.cpuPercent ||
      b.residentBytes - a.residentBytes ||
      a.pid - b.pid,
  );
}

/** Rows in the order of `keys`; those it does not name follow as they come. */
export function keepOrder(rows: readonly ProcessRow[], keys: readonly string[]): ProcessRow[] {
  const places = new Map(keys.map((key, index) => [key, index]));
  const place = (row: ProcessRow): number => places.get(processKey(row)) ?? keys.length;
  return [...rows].sort((a, b) => place(a) - place(b));
}

/** Every word must occur in the pid, name, command or user, in any letter case. */
export function filterProcesses(rows: readonly ProcessRow[], text: string): readonly ProcessRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const haystack = `${row.pid} ${row.name} ${row.command} ${row.user}`.toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}
