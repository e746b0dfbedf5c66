/** Lines that were left out come to where they belong, once. */
import { describe, expect, it } from 'vitest';
import { fillGap } from '../../../../renderer/screens/logs/fill-gap.ts';
import type { LinesOfGap } from '../../../../renderer/screens/logs/missing-lines.ts';
import { LogStore } from '../../../../renderer/store/log-store.ts';
import type { ArchivedLine } from '../../../../shared/schema/log-search.ts';
import { logLineOf } from '../../../support/observations.ts';

describe('fillGap', () => {
  it('puts what a slow reader was not told behind what had waited for it, and no line twice', () => {
    const store = storeOf([1, 2, 'gap', 3, 4, 7, 9, 10], { count: 3 });
    const first = fillGap(store, 2, all(3, 4, 5, 6, 7, 8, 9, 10));
    expect(shown(store)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(store.rows.at(first!)).toMatchObject({ id: 'abcd-5' });
  });

  it('takes no more than the gap stands for: what else is missing has a gap of its own', () => {
    const store = storeOf([1, 'gap', 4, 'gap', 9], { count: 2 });
    fillGap(store, 1, all(2, 3, 4, 5, 6, 7, 8, 9));
    expect(shown(store)).toEqual([1, 2, 3, 4, 'gap 2', 9]);
  });

  it('leaves a gap behind where not all came at once', () => {
    const store = storeOf([1, 'gap', 20], { count: 18 });
    fillGap(store, 1, { ...all(2, 3, 4), isCut: true });
    expect(shown(store)).toEqual([1, 2, 3, 4, 'gap 15', 20]);
  });

  it('keeps a mark for as many as the hub does not keep, and says so', () => {
    const store = storeOf([1, 'gap', 2, 20], { count: 18 });
    const first = fillGap(store, 1, all(2, 18, 19, 20));
    expect(shown(store)).toEqual([1, 'gap 16 lost', 2, 18, 19, 20]);
    expect(store.rows.at(first!)).toMatchObject({ id: 'abcd-18' });
  });

  it('keeps a mark where none was counted and the beginning is not kept, and none where it is', () => {
    const cut = storeOf([1, 'gap', 9], { count: null });
    fillGap(cut, 1, { ...all(5, 6), isCut: true, reachesBack: false });
    expect(shown(cut)).toEqual([1, 'gap null lost', 5, 6, 'gap null', 9]);
    const whole = storeOf([1, 'gap', 9], { count: null });
    fillGap(whole, 1, all(1, 5, 6));
    expect(shown(whole)).toEqual([1, 5, 6, 9]);
  });

  it('says of a mark of which nothing is kept that it is so, and leaves one of which nothing is known yet', () => {
    const store = storeOf([1, 'gap', 5], { count: 3 });
    expect(fillGap(store, 1, { ...all(), isCut: true })).toBeNull();
    expect(shown(store)).toEqual([1, 'gap 3', 5]);
    expect(fillGap(store, 1, all(5))).toBeNull();
    expect(shown(store)).toEqual([1, 'gap 3 lost', 5]);
  });

  it('finds lines that have no id by what they say', () => {
    const store = new LogStore({ schedule: (flush) => flush() });
    store.append(lineOf(1), 'abcd-1');
    store.gap({ host: 'web-1', channel: 'logs', reason: 'slow-reader', from: 1, to: 2, count: 1 });
    store.beginSnapshot();
    store.append(lineOf(2), 'abcd-9~');
    store.endSnapshot();
    const number = [0, 1, 2, 3].find((at) => store.rows.at(at)?.kind === 'gap')!;
    expect(fillGap(store, number, all(2))).toBeNull();
    expect(shown(store).filter((row) => row === 2)).toHaveLength(1);
  });
});

function lineOf(n: number): ArchivedLine['line'] {
  return logLineOf('web-1', n, { time: 1_790_000_000_000 + n, text: String(n) });
}

function archived(...numbers: number[]): ArchivedLine[] {
  return numbers.map((n) => ({ id: `abcd-${n}`, line: lineOf(n) }));
}

/** All that the hub keeps from the gap on. */
function all(...numbers: number[]): LinesOfGap {
  return { lines: archived(...numbers), isCut: false, reachesBack: true };
}

function storeOf(rows: (number | 'gap')[], { count }: { count: number | null }): LogStore {
  const store = new LogStore({ schedule: (flush) => flush() });
  for (const row of rows) {
    if (row === 'gap')
      store.gap({ host: 'web-1', channel: 'logs', reason: 'slow-reader', from: 1, to: 2, count });
    else store.append(lineOf(row), `abcd-${row}`);
  }
  return store;
}

function shown({ rows }: LogStore): (number | string)[] {
  return Array.from({ length: rows.size }, (_, index) => {
    const row = rows.at(rows.first + index)!;
    if (row.kind === 'line') return Number(row.line.text);
    return row.kind === 'gap' ? `gap ${row.count}${row.isLost ? ' lost' : ''}` : row.kind;
  });
}
