/** The rings of series: late samples, replaced ones, unknown values. */
import { describe, expect, it } from 'vitest';
import { SeriesTable } from '../../../../renderer/store/series-table.ts';
import { sampleOf, startTime } from '../../../support/observations.ts';

/** Sample number `index`, one a second, its CPU share counting up. */
function append(table: SeriesTable, ...indexes: number[]): void {
  for (const index of indexes) table.append(startTime + index * 1_000, sampleOf('web-1', index));
}

function users(table: SeriesTable, from = 0, to = 100_000): number[] {
  return [...table.window(['cpu.user'], startTime + from * 1_000, startTime + to * 1_000).columns[0]!];
}

describe('the series table', () => {
  it('hands out the samples of a span, both ends included, as copies', () => {
    const table = new SeriesTable();
    append(table, 1, 2, 3, 4);
    const { times, columns } = table.window(['cpu.user'], startTime + 2_000, startTime + 3_000);
    expect([...times]).toEqual([startTime + 2_000, startTime + 3_000]);
    columns[0]!.fill(0);
    expect(users(table)).toEqual([1, 2, 3, 4]);
  });

  it('inserts a late sample at its time, and replaces one of the same time', () => {
    const table = new SeriesTable();
    append(table, 1, 2, 5, 3);
    expect(users(table)).toEqual([1, 2, 3, 5]);
    table.append(startTime + 2_000, sampleOf('web-1', 42));
    expect(users(table)).toEqual([1, 42, 3, 5]);
  });

  it('keeps the newest samples in order, however many come', () => {
    const table = new SeriesTable({ capacity: 10 });
    append(table, ...Array.from({ length: 1_000 }, (_, index) => index));
    expect(table.size).toBe(10);
    expect(users(table)).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
  });

  it('leaves out a sample older than everything a full table holds', () => {
    const table = new SeriesTable({ capacity: 3 });
    append(table, 10, 11, 12, 1);
    expect(users(table)).toEqual([10, 11, 12]);
  });

  it('says unknown, not zero: before a device came, after it went, and for keys nobody knows', () => {
    const table = new SeriesTable();
    append(table, 1);
    const disk = { ...sampleOf().disks[0]!, device: 'sdb', readBytesPerSecond: 7 };
    table.append(startTime + 2_000, sampleOf('web-1', 2, { disks: [disk] }));
    append(table, 3);
    const { columns } = table.window(['disk.sdb.read', 'no.such'], startTime, startTime + 9_000);
    expect([...columns[0]!]).toEqual([NaN, 7, NaN]);
    expect([...columns[1]!]).toEqual([NaN, NaN, NaN]);
  });

  it('forgets series that hold nothing any more', () => {
    const table = new SeriesTable({ capacity: 10 });
    const gone = { ...sampleOf().disks[0]!, device: 'usb1' };
    table.append(startTime, sampleOf('web-1', 0, { disks: [gone] }));
    expect(table.keys()).toContain('disk.usb1.read');
    append(table, ...Array.from({ length: 600 }, (_, index) => index + 1));
    expect(table.keys()).not.toContain('disk.usb1.read');
    expect(table.keys()).toContain('disk.sda.read');
  });

  it('inserts columns by time: new samples between those held, what is known beside what was', () => {
    const table = new SeriesTable();
    append(table, 1, 4, 5);
    table.insert({
      times: [2, 3, 4].map((index) => startTime + index * 1_000),
      series: { 'cpu.user': [2, null, 44], 'late.only': [20, 30, 40] },
    });
    expect(users(table)).toEqual([1, 2, NaN, 44, 5]);
    const { columns } = table.window(['late.only', 'memory.used'], startTime, startTime + 9_000);
    expect([...columns[0]!]).toEqual([NaN, 20, 30, 40, NaN]);
    expect([...columns[1]!].map(Number.isNaN)).toEqual([false, true, true, false, false]);
    append(table, 6);
    expect(users(table)).toEqual([1, 2, NaN, 44, 5, 6]);
  });

  it('keeps its capacity when columns are inserted, and nothing older than the hub remembers', () => {
    const table = new SeriesTable({ capacity: 3 });
    append(table, 10, 11);
    const columnsOf = (...indexes: number[]) => ({
      times: indexes.map((index) => startTime + index * 1_000),
      series: { 'cpu.user': indexes },
    });
    table.insert(columnsOf(-1_000, -900));
    expect(users(table, -2_000)).toEqual([10, 11]);
    table.insert(columnsOf(7, 8, 9));
    expect(users(table)).toEqual([9, 10, 11]);
    expect(table.oldest).toBe(startTime + 9_000);
  });

  it('holds only the series it is told to keep, and all again once told so', () => {
    const table = new SeriesTable({ keys: ['cpu.user'] });
    append(table, 1);
    table.insert({ times: [startTime], series: { 'cpu.user': [0], 'cpu.idle': [100] } });
    expect(table.keys()).toEqual(['cpu.user']);
    table.keep(null);
    append(table, 2);
    expect(table.keys()).toContain('memory.used');
    table.keep(['cpu.user']);
    expect(table.keys()).toEqual(['cpu.user']);
    expect(users(table)).toEqual([0, 1, 2]);
  });

  it('bumps its revision with every change', () => {
    const table = new SeriesTable();
    const before = table.revision.value;
    append(table, 1, 2);
    expect(table.revision.value).toBe(before + 2);
  });
});
