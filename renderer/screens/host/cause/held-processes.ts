/** What was running in a window beside the window before, from the process tables that the page holds. */
import type { TimeSpan } from '../../../app/time-range.ts';
import type { PastProcess, ProcessUse } from '../../../../shared/schema/history.ts';
import type { ProcessHistory, ProcessMoment, ProcessStretch } from '../process-history.ts';
import { processWindows } from './compared-windows.ts';
import type { Held } from './use-told.ts';

export interface ProcessReport {
  before: TimeSpan;
  /** Tables that are known of each window; 0: nothing is. */
  tables: { now: number; before: number };
  rows: readonly PastProcess[];
}

/** Null where nothing of the window is held. */
export function heldProcesses(
  history: Pick<ProcessHistory, 'between' | 'oldest'>,
  window: TimeSpan,
): Held<ProcessReport> | null {
  const { before } = processWindows(window);
  const [now, earlier] = [
    history.between(window.from, window.to),
    history.between(before.from, before.to - 1),
  ];
  if (now.tables === 0) return null;
  const keys = new Set([...now.processes.keys(), ...earlier.processes.keys()]);
  const rows = Array.from(keys, (key): PastProcess => {
    const { row } = (now.processes.get(key) ?? earlier.processes.get(key))!;
    const { pid, startTime, name, command, user } = row;
    return { pid, startTime, name, command, user, now: useOf(now, key), before: useOf(earlier, key) };
  });
  return {
    value: { before, tables: { now: now.tables, before: earlier.tables }, rows },
    isWhole: history.oldest !== null && history.oldest <= before.from,
  };
}

/** Tables it was not in count as nothing, but of memory: what is held is held whether or not it is among the top. Null: it was in none. */
function useOf({ tables, processes }: ProcessStretch, key: string): ProcessUse | null {
  const moments = processes.get(key)?.moments;
  if (moments === undefined) return null;
  const of = (read: (moment: ProcessMoment) => number, count = tables) => ({
    mean: moments.reduce((sum, moment) => sum + read(moment), 0) / count,
    max: Math.max(...moments.map(read)),
  });
  const known = (field: 'readBytesPerSecond' | 'writeBytesPerSecond') =>
    moments.every((moment) => moment[field] === null) ? null : of((moment) => moment[field] ?? 0);
  return {
    cpuPercent: of(({ cpuPercent }) => cpuPercent),
    residentBytes: of(({ residentBytes }) => residentBytes, moments.length),
    readBytesPerSecond: known('readBytesPerSecond'),
    writeBytesPerSecond: known('writeBytesPerSecond'),
    presence: moments.length / tables,
  };
}
