/** Lines that were left out come to where they belong, once. */
import { describe, expect, it } from 'vitest';
import { fillGap } from '../../../../renderer/screens/logs/fill-gap.ts';
import { LogStore } from '../../../../renderer/store/log-store.ts';
import type { ArchivedLine } from '../../../../shared/schema/log-search.ts';
import { logLineOf } from '../../../support/observations.ts';

describe('fillGap', () => {
  it('puts what a slow reader was not told behind what had waited for it, and no line twice', () => {
    const store = storeOf([1, 2, 'gap', 3, 4, 7, 9, 10], { count: 3 });
    const first = fillGap(store, 2, archived(3, 4, 5, 6, 7, 8, 9, 10), false);
    expect(shown(store)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(store.rows.at(first!)).toMatchObject({ id: 'abcd-5' });
  });

  it('takes no more than the gap stands for: what else is missing has a gap of its own', () => {
    const store = storeOf([1, 'gap', 4, 'gap', 9], { count: 2 });
    fillGap(store, 1, archived(2, 3, 4, 5, 6, 7, 8, 9), false);
    expect(shown(store)).toEqual([1, 2, 3, 4, 'gap 2', 9]);
  });

  it('leaves a gap behind where not all came at once', () => {
    const store = storeOf([1, 'gap', 20], { count: 18 });
    fillGap(store, 1, archived(2, 3, 4), true);
    expect(shown(store)).toEqual([1, 2, 3, 4, 'gap 15', 20]);
  });

  it('finds lines that have no id by what they say, and then leaves the gap as it is', () => {
    const store = new LogStore({ schedule: (flush) => flush() });
    store.append(lineOf(1), 'abcd-1');
    store.gap({ host: 'web-1', channel: 'logs', reason: 'slow-reader', from: 1, to: 2, count: 1 });
    store.beginSnapshot();
    store.append(lineOf(2), 'abcd-9~');
    store.endSnapshot();
    const number = [0, 1, 2, 3].find((at) => store.rows.at(at)?.kind === 'gap')!;
    expect(fillGap(store, number, archived(2), false)).toBeNull();
    expect(store.rows.at(number)).toMatchObject({ kind: 'gap' });
  });
});

function lineOf(n: number): ArchivedLine['line'] {
  return logLineOf('web-1', n, { time: 1_790_000_000_000 + n, text: String(n) });
}

function archived(...numbers: number[]): ArchivedLine[] {
  return numbers.map((n) => ({ id: `abcd-${n}`, line: lineOf(n) }));
}

function storeOf(rows: (number | 'gap')[], { count }: { count: number }): LogStore {
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
    return row.kind === 'line' ? Number(row.line.text) : row.kind === 'gap' ? `gap ${row.count}` : row.kind;
  });
}
