/** What was running in a window, beside the window before it: tables of processes made one. */
import { type PastProcess, type PastProcesses, type ProcessUse } from '../../../shared/schema/history.ts';
import type { ProcessRow } from '../../../shared/schema/processes.ts';
import type { Sight } from '../../access/sight.ts';
import type { HistoryReader, KeptProcesses } from '../store/history-reader.ts';
import type { TimeWindow } from './history-query.ts';
import type { KeptSince } from './kept-since.ts';
import { beginningFor } from './reach-of-sight.ts';
import { shownHost } from './shown-series.ts';

export interface PastProcessesParts {
  reader: HistoryReader;
  keptSince: KeptSince;
  sight: Sight;
  /** As the hub knows it. */
  host: string;
  window: TimeWindow;
  limit: number;
  signal: AbortSignal;
}

/** A longer window is looked at in so many pieces of this length, evenly spread: a table is read whole. */
const PIECES = 20;
const PIECE_MS = 180_000;

export async function pastProcessesOf(parts: PastProcessesParts): Promise<PastProcesses> {
  const { reader, keptSince, sight, host, window, limit, signal } = parts;
  const before = { from: Math.max(0, 2 * window.from - window.to), to: window.from };
  const tallies = { now: new Tally(), before: new Tally() };
  for (const [tally, { from, to }] of [
    [tallies.before, before],
    [tallies.now, window],
  ] as const) {
    for (const piece of piecesOf({ from: Math.max(from, beginningFor(sight)), to }))
      for (const table of await reader.processes({ host, ...piece }, signal)) tally.add(table);
  }
  const oldest = await keptSince.of(host, signal);
  const rows = [...topOf(tallies, limit)].map((key) => pastProcess(key, tallies));
  return {
    host: shownHost(sight, host),
    window,
    before,
    tables: { now: tallies.now.tables, before: tallies.before.tables },
    keptSince:
      oldest === null || beginningFor(sight) === Infinity ? null : Math.max(oldest, beginningFor(sight)),
    rows: shownRows(sight, host, window.to, rows.sort(byUse)),
  };
}

function piecesOf({ from, to }: TimeWindow): TimeWindow[] {
  if (from >= to) return [];
  if (to - from <= PIECES * PIECE_MS) return [{ from, to }];
  const everyMs = (to - from) / PIECES;
  return Array.from({ length: PIECES }, (_, at) => {
    const begin = Math.round(from + at * everyMs + (everyMs - PIECE_MS) / 2);
    return { from: begin, to: begin + PIECE_MS };
  });
}

interface Sum {
  sum: number;
  max: number;
  /** Values that were known. */
  count: number;
}

interface Use {
  /** The newest row: a process may change its command line. */
  row: ProcessRow;
  tables: number;
  cpu: Sum;
  resident: Sum;
  read: Sum;
  written: Sum;
}

class Tally {
  tables = 0;
  readonly uses = new Map<string, Use>();

  add({ rows }: KeptProcesses): void {
    this.tables++;
    for (const row of rows) {
      const key = `${row.pid} ${row.startTime}`;
      let use = this.uses.get(key);
      if (use === undefined) {
        use = { row, tables: 0, cpu: nothing(), resident: nothing(), read: nothing(), written: nothing() };
        this.uses.set(key, use);
      }
      use.row = row;
      use.tables++;
      count(use.cpu, row.cpuPercent);
      count(use.resident, row.residentBytes);
      count(use.read, row.readBytesPerSecond);
      count(use.written, row.writeBytesPerSecond);
    }
  }

  useOf(key: string): ProcessUse | null {
    const use = this.uses.get(key);
    if (use === undefined) return null;
    const { tables } = this;
    return {
      cpuPercent: overAll(use.cpu, tables),
      // What is in memory is there whether or not it is among the top.
      residentBytes: overAll(use.resident, use.resident.count),
      readBytesPerSecond: use.read.count === 0 ? null : overAll(use.read, tables),
      writeBytesPerSecond: use.written.count === 0 ? null : overAll(use.written, tables),
      presence: use.tables / tables,
    };
  }
}

function nothing(): Sum {
  return { sum: 0, max: 0, count: 0 };
}

function count(sum: Sum, value: number | null): void {
  if (value === null) return;
  sum.sum += value;
  sum.max = Math.max(sum.max, value);
  sum.count++;
}

function overAll({ sum, max }: Sum, tables: number): { mean: number; max: number } {
  return { mean: Math.round((sum / tables) * 1_000) / 1_000, max };
}

const rankings: ((use: Use) => number)[] = [
  ({ cpu }) => cpu.sum,
  ({ resident }) => resident.sum / resident.count,
  ({ read, written }) => read.sum + written.sum,
];

/** The first of each ranking of each window, then the second of each, until there are enough. */
function topOf({ now, before }: { now: Tally; before: Tally }, limit: number): Set<string> {
  const orders = [now, before].flatMap((tally) =>
    rankings.map((rank) =>
      [...tally.uses]
        .map(([key, use]) => [key, rank(use)] as const)
        .filter(([, value]) => value > 0)
        .sort(([, a], [, b]) => b - a),
    ),
  );
  const top = new Set<string>();
  const longest = Math.max(...orders.map(({ length }) => length));
  for (let place = 0; place < longest; place++) {
    for (const order of orders) {
      const key = order[place]?.[0];
      if (key !== undefined && top.size < limit) top.add(key);
    }
  }
  return top;
}

function pastProcess(key: string, { now, before }: { now: Tally; before: Tally }): PastProcess {
  const { row } = (now.uses.get(key) ?? before.uses.get(key))!;
  const { pid, startTime, name, command, user } = row;
  return { pid, startTime, name, command, user, now: now.useOf(key), before: before.useOf(key) };
}

function byUse(a: PastProcess, b: PastProcess): number {
  const cpuOf = (use: ProcessUse | null) => use?.cpuPercent.mean ?? -1;
  return cpuOf(b.now) - cpuOf(a.now) || cpuOf(b.before) - cpuOf(a.before) || a.pid - b.pid;
}

/** Asked of the sight in the form in which the stream tells of processes: what it takes out there it takes out here. */
function shownRows(sight: Sight, host: string, time: number, rows: PastProcess[]): PastProcess[] {
  if (sight.show === null) return rows;
  const event = sight.show({
    name: 'processes',
    data: {
      host,
      time,
      intervalMs: 0,
      total: rows.length,
      running: 0,
      rows: rows.map(({ pid, startTime, name, command, user }) => ({
        ...emptyRow,
        pid,
        startTime,
        name,
        command,
        user,
      })),
    },
  });
  if (event?.name !== 'processes') return [];
  return event.data.rows.map(({ name, command, user }, at) => ({ ...rows[at]!, name, command, user }));
}

const emptyRow: ProcessRow = {
  pid: 0,
  parentPid: 0,
  name: '',
  command: '',
  user: '',
  state: '',
  cpuPercent: 0,
  residentBytes: 0,
  readBytesPerSecond: null,
  writeBytesPerSecond: null,
  threads: 0,
  startTime: 0,
};
