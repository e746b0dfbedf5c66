/** The last minutes of every process, built by the page from the tables it receives: numbers only, so it stays small. */
import type { ProcessRow, Processes } from '../../../shared/schema/processes.ts';
import { processKey } from './process-order.ts';

/** What a sparkline shows. */
const SPARK_MS = 60_000;
/** What is remembered, so that a spike just seen can be looked into: as long as the page holds samples. */
const HISTORY_MS = 15 * 60_000;

/** The part of a row that changes from table to table. */
export type ProcessMoment = Pick<
  ProcessRow,
  'cpuPercent' | 'residentBytes' | 'readBytesPerSecond' | 'writeBytesPerSecond' | 'threads' | 'state'
> & { time: number };

interface Remembered {
  /** As the newest table told it. */
  row: ProcessRow;
  /** Ascending. */
  moments: ProcessMoment[];
}

/** What is remembered of a stretch of time. */
export interface ProcessStretch {
  /** Tables in it. */
  tables: number;
  /** By `processKey`; each with one moment at least. */
  processes: Map<string, Remembered>;
}

export interface SparkBox {
  width: number;
  height: number;
}

/** The top of a sparkline is at least one busy core, so that idle processes look idle. */
const MIN_TOP_PERCENT = 100;
/** Tables further apart than this many of their intervals leave a gap. */
const GAP_TABLES = 2.5;

export class ProcessHistory {
  private readonly processes = new Map<string, Remembered>();
  private readonly tables: Omit<Processes, 'rows'>[] = [];
  /** The newest answer of `at`: the same moment is asked for over and over while a pointer moves. */
  private answer: Processes | null = null;

  /** A table no newer than the last one is left out. */
  add({ rows, ...table }: Processes): void {
    const { time } = table;
    if (time <= this.newest) return;
    this.tables.push(table);
    while (this.tables[0]!.time < time - HISTORY_MS) this.tables.shift();
    for (const row of rows) this.remember(row, time);
    for (const [key, { moments }] of this.processes) {
      while (moments.length > 0 && moments[0]!.time < time - HISTORY_MS) moments.shift();
      if (moments.length === 0) this.processes.delete(key);
    }
  }

  /** Processes remembered. */
  get size(): number {
    return this.processes.size;
  }

  /** Epoch milliseconds of the oldest table; null where there is none. */
  get oldest(): number | null {
    return this.tables[0]?.time ?? null;
  }

  /** Both ends included. */
  between(from: number, to: number): ProcessStretch {
    const isWithin = ({ time }: { time: number }): boolean => time >= from && time <= to;
    const processes: ProcessStretch['processes'] = new Map();
    for (const [key, { row, moments }] of this.processes) {
      const within = moments.filter(isWithin);
      if (within.length > 0) processes.set(key, { row, moments: within });
    }
    return { tables: this.tables.filter(isWithin).length, processes };
  }

  /** The table of about this time, as it was; null where none is remembered. */
  at(time: number): Processes | null {
    const table = this.tables.reduce<Omit<Processes, 'rows'> | null>(
      (nearest, each) =>
        nearest === null || Math.abs(each.time - time) < Math.abs(nearest.time - time) ? each : nearest,
      null,
    );
    if (table === null || Math.abs(table.time - time) > GAP_TABLES * table.intervalMs) return null;
    if (this.answer?.time === table.time) return this.answer;
    const rows: ProcessRow[] = [];
    for (const { row, moments } of this.processes.values()) {
      const moment = moments.find((each) => each.time === table.time);
      if (moment === undefined) continue;
      const { time: _, ...numbers } = moment;
      rows.push({ ...row, ...numbers });
    }
    this.answer = { ...table, rows };
    return this.answer;
  }

  /** An SVG path, ending at the right edge; '' for a process not seen. Broken where tables left the process out. */
  path(key: string, { width, height }: SparkBox, end = this.newest): string {
    const begin = end - SPARK_MS;
    const shown = (this.processes.get(key)?.moments ?? []).filter(({ time }) => time >= begin && time <= end);
    const top = shown.reduce((peak, { cpuPercent }) => Math.max(peak, cpuPercent), MIN_TOP_PERCENT);
    const limit = GAP_TABLES * (this.tables.at(-1)?.intervalMs ?? 0);
    return shown
      .map(({ time, cpuPercent }, index) => {
        const x = (width * (time - begin)) / SPARK_MS;
        const y = 1 + (height - 2) * (1 - cpuPercent / top);
        const continues = index > 0 && time - shown[index - 1]!.time <= limit;
        return `${continues ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
      })
      .join('');
  }

  private get newest(): number {
    return this.tables.at(-1)?.time ?? 0;
  }

  private remember(row: ProcessRow, time: number): void {
    const key = processKey(row);
    const moments = this.processes.get(key)?.moments ?? [];
    const { cpuPercent, residentBytes, readBytesPerSecond, writeBytesPerSecond, threads, state } = row;
    moments.push({
      time,
      cpuPercent,
      residentBytes,
      readBytesPerSecond,
      writeBytesPerSecond,
      threads,
      state,
    });
    this.processes.set(key, { row, moments });
  }
}
