/** What the page finds out about a window from what it holds, and when it has to ask. */
import { describe, expect, test } from 'vitest';
import { heldChanges } from '../../../../../renderer/screens/host/cause/held-changes.ts';
import { heldProcesses } from '../../../../../renderer/screens/host/cause/held-processes.ts';
import { runningRows, shortCommand } from '../../../../../renderer/screens/host/cause/running-rows.ts';
import { ProcessHistory } from '../../../../../renderer/screens/host/process-history.ts';
import { SeenReadings } from '../../../../../renderer/screens/host/seen-readings.ts';
import { SeriesTable } from '../../../../../renderer/store/series-table.ts';
import type { ProcessRow } from '../../../../../shared/schema/processes.ts';
import type { Filesystems } from '../../../../../shared/schema/slow-tiers.ts';
import { eachFilesystemSeries } from '../../../../../shared/slow-series.ts';
import { filesystemsOf, sampleOf } from '../../../../support/observations.ts';
import { processRow } from '../process-row.ts';

const begin = 1_000_000_000;

function seriesOf(busy: (second: number) => number, seconds: number): SeriesTable {
  const table = new SeriesTable();
  for (let second = 0; second <= seconds; second++) {
    const sample = sampleOf('a', 0, { time: begin + second * 1_000 });
    table.append(sample.time, { ...sample, cpu: { ...sample.cpu, user: busy(second) } });
  }
  return table;
}

describe('changes', () => {
  const table = seriesOf((second) => (second >= 120 ? 90 : 5), 150);

  test('the window against a minute before at least', () => {
    const held = heldChanges(table, { from: begin + 120_000, to: begin + 140_000 })!;
    expect(held.value.before).toEqual({ from: begin + 60_000, to: begin + 120_000 });
    expect(held.value.changes.map(({ series }) => series)).toContain('cpu.user');
    expect(held.isWhole).toBe(true);
  });

  test('not whole where the time before began before the page did; nothing where nothing is held', () => {
    expect(heldChanges(table, { from: begin + 10_000, to: begin + 150_000 })?.isWhole).toBe(false);
    expect(heldChanges(table, { from: begin - 90_000, to: begin - 10_000 })).toBeNull();
    expect(heldChanges(table, { from: begin, to: begin + 5_000 })?.isWhole).not.toBe(true);
  });
});

describe('changes of what is read beside the samples', () => {
  const table = seriesOf(() => 5, 150);
  const window = { from: begin + 120_000, to: begin + 150_000 };
  const seenSince = (first: number) => {
    const seen = new SeenReadings<Filesystems>(eachFilesystemSeries);
    for (let second = first; second <= 150; second += 10) {
      const [mount] = filesystemsOf().mounts;
      const usedBytes = (second >= 120 ? 90 : 50) * 2 ** 30;
      seen.add({ host: 'a', time: begin + second * 1_000, mounts: [{ ...mount!, usedBytes }] });
    }
    return seen;
  };
  const none = new SeenReadings<Filesystems>(eachFilesystemSeries);

  test('a disk that filled is named', () => {
    const held = heldChanges(table, window, [seenSince(0), none])!;
    expect(held.value.changes.map(({ series }) => series)).toEqual(['filesystem./.used']);
    expect(held.isWhole).toBe(true);
  });

  test('where the page began to see them in the midst, the hub is asked, and meanwhile nothing is made up', () => {
    const held = heldChanges(table, window, [seenSince(80)])!;
    expect(held.value.changes).toEqual([]);
    expect(held.isWhole).toBe(false);
  });
});

describe('processes', () => {
  const history = new ProcessHistory();
  const rowsAt = (second: number): Partial<ProcessRow>[] => [
    { pid: 1, cpuPercent: 10, readBytesPerSecond: null, writeBytesPerSecond: null },
    ...(second < 40 ? [{ pid: 2, cpuPercent: 30 }] : []),
    ...(second >= 50
      ? [
          {
            pid: 3,
            cpuPercent: 80,
            residentBytes: 4_000,
            startTime: begin + 49_000,
            writeBytesPerSecond: 500,
          },
        ]
      : []),
  ];
  for (let second = 0; second <= 80; second += 2)
    history.add({
      host: 'a',
      time: begin + second * 1_000,
      intervalMs: 2_000,
      total: 9,
      running: 1,
      rows: rowsAt(second).map(processRow),
    });
  const window = { from: begin + 41_000, to: begin + 80_000 };
  const held = heldProcesses(history, window)!;

  test('means count a table without the process as nothing, but what it held in memory', () => {
    expect(held.value.tables).toEqual({ now: 20, before: 20 });
    const came = held.value.rows.find(({ pid }) => pid === 3)!;
    expect(came.before).toBeNull();
    expect(came.now!.cpuPercent).toEqual({ mean: (80 * 16) / 20, max: 80 });
    expect(came.now!.residentBytes).toEqual({ mean: 4_000, max: 4_000 });
    expect(came.now!.presence).toBe(0.8);
    expect(held.value.rows.find(({ pid }) => pid === 1)!.now!.readBytesPerSecond).toBeNull();
    expect(held.isWhole).toBe(true);
  });

  test('what came up is on top, what went away is last; the other way round where something ended', () => {
    const rows = runningRows(held.value, 'cpu');
    expect(rows.map(({ process, change }) => [process.pid, Math.round(change)])).toEqual([
      [3, 64],
      [1, 0],
      [2, -28],
    ]);
    expect(rows.map(({ isNew }) => isNew)).toEqual([true, false, false]);
    expect(runningRows(held.value, 'cpu', true).map(({ process }) => process.pid)).toEqual([2, 1, 3]);
    expect(runningRows(held.value, 'io').map(({ process }) => process.pid)).toEqual([3]);
  });

  test('where nothing is known of before, what took most is first', () => {
    const early = { from: begin, to: begin + 80_000 };
    const rows = runningRows(heldProcesses(history, early)!.value, 'cpu');
    expect(heldProcesses(history, early)!.isWhole).toBe(false);
    expect(rows.map(({ process }) => process.pid)).toEqual([3, 2, 1]);
  });
});

test('a command goes without the folder of its program; a thread of the kernel has none', () => {
  expect(shortCommand('/usr/lib/postgresql/15/bin/postgres -D /var/lib')).toBe('postgres -D /var/lib');
  expect(shortCommand('node /srv/app.js')).toBe('node /srv/app.js');
  expect(shortCommand('[kworker/1:0H-kblockd]')).toBe('[kworker/1:0H-kblockd]');
});
