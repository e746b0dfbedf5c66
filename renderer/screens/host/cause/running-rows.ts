/** The processes of a window by what they took, beside what they took before. */
import type { PastProcess, ProcessUse } from '../../../../shared/schema/history.ts';
import type { ProcessReport } from './held-processes.ts';

export const processMeasures = ['cpu', 'memory', 'io'] as const;
export type ProcessMeasure = (typeof processMeasures)[number];

export interface RunningRow {
  process: PastProcess;
  /** Means, in percent of a core, bytes or bytes per second. */
  now: number;
  before: number;
  change: number;
  /** The most it took in the window. */
  peak: number;
  /** It began in the window, or so shortly before that nobody saw it. */
  isNew: boolean;
}

/**
 * What took more than before comes first, and last what took less; the other way round where `isFall`, the window of something that
 * ended. Where nothing is known of before: what took most. What took nothing in either is left out.
 */
export function runningRows(report: ProcessReport, measure: ProcessMeasure, isFall = false): RunningRow[] {
  const rows = report.rows.map((process): RunningRow => {
    const [now, before] = [meanOf(process.now, measure, 'mean'), meanOf(process.before, measure, 'mean')];
    return {
      process,
      now,
      before,
      change: now - before,
      peak: meanOf(process.now, measure, 'max'),
      isNew: process.before === null && process.startTime >= report.before.from,
    };
  });
  const weight = ({ now, change }: RunningRow): number =>
    report.tables.before === 0 ? now : isFall ? -change : change;
  return rows
    .filter(({ now, before }) => now > 0 || before > 0)
    .sort((a, b) => weight(b) - weight(a) || b.now - a.now || a.process.pid - b.process.pid);
}

/** Of a moment it is told what took most at it, and no more. */
export function withoutBefore(report: ProcessReport): ProcessReport {
  const rows = report.rows.flatMap((row) => (row.now === null ? [] : { ...row, before: null }));
  return { ...report, tables: { ...report.tables, before: 0 }, rows };
}

function meanOf(use: ProcessUse | null, measure: ProcessMeasure, of: 'mean' | 'max'): number {
  if (use === null) return 0;
  if (measure === 'cpu') return use.cpuPercent[of];
  if (measure === 'memory') return use.residentBytes[of];
  return (use.readBytesPerSecond?.[of] ?? 0) + (use.writeBytesPerSecond?.[of] ?? 0);
}

/** Without the folder of the program, which would take all the room there is. Threads of the kernel, in brackets, are in none. */
export function shortCommand(command: string): string {
  return command.replace(/^(?!\[)\S*\/(?=[^\s/])/, '');
}
