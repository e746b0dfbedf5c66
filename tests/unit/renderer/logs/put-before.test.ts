/** Older lines come before those of a snapshot, and each line is there once. */
import { describe, expect, it } from 'vitest';
import { putBefore } from '../../../../renderer/screens/logs/put-before.ts';
import { LogStore } from '../../../../renderer/store/log-store.ts';
import type { ArchivedLine } from '../../../../shared/schema/log-search.ts';
import type { LogLine } from '../../../../shared/schema/logs.ts';
import { logLineOf } from '../../../support/observations.ts';

describe('putBefore', () => {
  it('puts older lines before the snapshot and the lines that came since, which get the ids they are known by', () => {
    const store = storeOf([line(3), line(4)], [line(5)]);
    putBefore(store, 'abcd-4', archived(1, 2, 3, 4));
    expect(shown(store)).toEqual(['abcd-1 1', 'abcd-2 2', 'abcd-3 3', 'abcd-4 4', 'abcd-5 5']);
  });

  it('fills a tail that began with nothing', () => {
    const store = storeOf([], [line(5)]);
    putBefore(store, 'abcd-4', archived(1, 2));
    expect(shown(store)).toEqual(['abcd-1 1', 'abcd-2 2', 'abcd-5 5']);
  });

  it('of equal lines those are held that came last', () => {
    const same = line(1, { text: 'again' });
    const store = storeOf([same, same], []);
    putBefore(
      store,
      'abcd-9',
      [1, 2, 3, 4].map((n) => ({ id: `abcd-${n}`, line: same })),
    );
    expect(shown(store)).toEqual(['abcd-1 again', 'abcd-2 again', 'abcd-3 again', 'abcd-4 again']);
  });

  it('lines that the archive lost stay, and cost no other line', () => {
    const store = storeOf([line(2), line(3), line(4)], []);
    putBefore(store, 'abcd-4', archived(1, 2, 4));
    expect(shown(store)).toEqual(['abcd-1 1', 'abcd-2 2', 'null 3', 'abcd-4 4']);
  });

  it('reads as one tail over several hosts, of which each brought a part', () => {
    const other = (n: number) => line(n, { host: 'db-1' });
    const store = storeOf([line(7), line(8), other(2), other(6)], []);
    putBefore(store, 'abcd-9', [...archived(3, 4, 5), { id: 'abcd-6', line: other(6) }, ...archived(7, 8)]);
    expect(shown(store).map((text) => text.split(' ')[1])).toEqual(['2', '3', '4', '5', '6', '7', '8']);
    putBefore(store, 'abcd-9', [
      { id: 'abcd-1', line: other(1) },
      { id: 'abcd-2', line: other(2) },
      { id: 'abcd-6', line: other(6) },
    ]);
    expect(shown(store)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `abcd-${n} ${n}`));
  });

  it('lines that came late stand together under a mark', () => {
    const store = storeOf([line(9)], []);
    const late = (n: number) => line(n, { late: true });
    putBefore(store, 'abcd-9', [
      ...archived(7),
      { id: 'abcd-8', line: late(1) },
      { id: 'abcd-9', line: late(2) },
      { id: 'abcd-10', line: line(9) },
    ]);
    expect(shown(store)).toEqual(['abcd-7 7', 'late 2', 'abcd-8 1', 'abcd-9 2', 'abcd-10 9']);
  });
});

function line(n: number, changes: Partial<LogLine> = {}): LogLine {
  return logLineOf('web-1', n, { time: 1_790_000_000_000 + n, text: String(n), ...changes });
}

function archived(...numbers: number[]): ArchivedLine[] {
  return numbers.map((n) => ({ id: `abcd-${n}`, line: line(n) }));
}

/** What a snapshot brought, and what came since. */
function storeOf(sent: LogLine[], live: LogLine[]): LogStore {
  const store = new LogStore({ schedule: (flush) => flush() });
  store.beginSnapshot();
  for (const each of sent) store.append(each, 'abcd-4~');
  store.endSnapshot('abcd-4');
  for (const each of live) store.append(each, `abcd-${each.text}`);
  return store;
}

function shown({ rows }: LogStore): string[] {
  return Array.from({ length: rows.size }, (_, index) => {
    const row = rows.at(rows.first + index)!;
    return row.kind === 'line' ? `${row.id} ${row.line.text}` : `${row.kind} ${row.count}`;
  });
}
