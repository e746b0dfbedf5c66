/** The minute of CPU beside each process. */
import { describe, expect, test } from 'vitest';
import { ProcessHistory } from '../../../../renderer/screens/host/process-history.ts';
import type { ProcessRow, Processes } from '../../../../shared/schema/processes.ts';
import { processRow } from './process-row.ts';

const box = { width: 60, height: 12 };

function table(time: number, rows: Partial<ProcessRow>[]): Processes {
  return { host: 'a', time, intervalMs: 2000, total: 9, running: 1, rows: rows.map(processRow) };
}

describe('ProcessHistory', () => {
  test('ends at the right edge; one busy core reaches the top, idle rests on the ground', () => {
    const history = new ProcessHistory();
    history.add(table(100_000, [{ cpuPercent: 0 }]));
    history.add(table(102_000, [{ cpuPercent: 100 }]));
    expect(history.path('1:1', box)).toBe('M58.0 11.0L60.0 1.0');
  });

  test('a table that left the process out breaks the line', () => {
    const history = new ProcessHistory();
    for (const time of [100_000, 102_000]) history.add(table(time, [{ cpuPercent: 0 }]));
    for (const time of [104_000, 106_000, 108_000]) history.add(table(time, []));
    history.add(table(110_000, [{ cpuPercent: 0 }]));
    expect(history.path('1:1', box).match(/[ML]/g)).toEqual(['M', 'L', 'M']);
  });

  test('a table told twice counts once', () => {
    const history = new ProcessHistory();
    history.add(table(100_000, [{ cpuPercent: 0 }]));
    history.add(table(100_000, [{ cpuPercent: 0 }]));
    expect(history.path('1:1', box)).toBe('M60.0 11.0');
  });

  test('tells the table of a moment, as it was', () => {
    const history = new ProcessHistory();
    history.add(
      table(100_000, [
        { pid: 1, cpuPercent: 90 },
        { pid: 2, cpuPercent: 1 },
      ]),
    );
    history.add(table(102_000, [{ pid: 1, cpuPercent: 3, name: 'renamed' }]));
    const then = history.at(100_700)!;
    expect(then.time).toBe(100_000);
    expect(then.rows.map(({ pid, cpuPercent }) => [pid, cpuPercent])).toEqual([
      [1, 90],
      [2, 1],
    ]);
    expect(history.at(100_900)).toBe(then);
    expect(history.at(101_500)!.rows).toEqual([processRow({ pid: 1, cpuPercent: 3, name: 'renamed' })]);
  });

  test('says nothing of a moment it does not remember', () => {
    const history = new ProcessHistory();
    expect(history.at(100_000)).toBeNull();
    history.add(table(100_000, [{}]));
    expect(history.at(94_000)).toBeNull();
    expect(history.at(106_000)).toBeNull();
  });

  test('forgets processes not seen for a quarter of an hour', () => {
    const history = new ProcessHistory();
    for (let pid = 1; pid <= 2000; pid++) history.add(table(1000 * pid, [{ pid }]));
    expect(history.size).toBeLessThanOrEqual(901);
    expect(history.path('1:1', box)).toBe('');
  });
});
