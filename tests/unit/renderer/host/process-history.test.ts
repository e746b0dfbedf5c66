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

  test('forgets processes not seen for a minute', () => {
    const history = new ProcessHistory();
    for (let pid = 1; pid <= 500; pid++) history.add(table(1000 * pid, [{ pid }]));
    expect(history.size).toBeLessThanOrEqual(61);
    expect(history.path('1:1', box)).toBe('');
  });
});
