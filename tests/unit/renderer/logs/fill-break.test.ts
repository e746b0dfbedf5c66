/** What came while the stream was lost is put between what was held and what is new: each line once, in the order in which it came. */
import { describe, expect, it } from 'vitest';
import { fillBreak, markBreak } from '../../../../renderer/screens/logs/fill-break.ts';
import { LogStore } from '../../../../renderer/store/log-store.ts';
import type { ArchivedLine } from '../../../../shared/schema/log-search.ts';
import type { LogLine } from '../../../../shared/schema/logs.ts';
import { logLineOf } from '../../../support/observations.ts';

describe('fillBreak', () => {
  it('puts the lines in the place of the mark, and what came since stays where it is', () => {
    const store = lostAfter([1, 2], [[line(7), line(8)]], [9]);
    const numberOfNewest = store.rows.next - 1;
    const [gone] = store.breaks.value;
    expect(gone).toMatchObject({ after: 'aaaa-2', cursor: 'bbbb-8' });
    expect(shown(store)).toEqual(['1', '2', 'gap', '7', '8', '9']);
    expect(fillBreak(store, gone!, archived(3, 4, 5, 6, 7, 8))).toBe(3);
    expect(shown(store)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(store.rows.at(numberOfNewest)).toMatchObject({ line: { text: '9' } });
    expect(store.rows.at(numberOfNewest - 1)).toMatchObject({ id: 'bbbb-8' });
  });

  it('lines of all hosts stand as they came', () => {
    const other = (n: number): LogLine => line(n, 'db-1');
    const store = lostAfter([1, 2], [[line(7)], [other(8)]], []);
    const found = [line(3), other(4), line(5), other(6), line(7), other(8)];
    expect(fillBreak(store, store.breaks.value[0]!, named(found))).not.toBeNull();
    expect(shown(store)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  });

  it('what is held is not put there again: by its id, or where a killed hub tells the end of it under other ids', () => {
    const store = lostAfter([1, 2, 3, 4], [[line(7)]], []);
    const again = named([line(3), line(4), line(5), line(6), line(7)]);
    const held: ArchivedLine = { id: 'aaaa-2', line: line(2) };
    fillBreak(store, store.breaks.value[0]!, [held, ...again]);
    expect(shown(store)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  it('nothing came: the mark goes', () => {
    const store = lostAfter([1, 2], [[line(3)]], []);
    expect(fillBreak(store, store.breaks.value[0]!, archived(3))).toBe(-1);
    expect(shown(store)).toEqual(['1', '2', '3']);
  });

  it('a hub that does not have all that it told leaves all as it is', () => {
    const store = lostAfter([1, 2], [[line(7), line(8)]], []);
    expect(fillBreak(store, store.breaks.value[0]!, archived(3, 4, 8))).toBeNull();
    expect(shown(store)).toEqual(['1', '2', 'gap', '7', '8']);
  });

  it('a snapshot without a line is a break as well, and too much for it leaves a mark', () => {
    const store = lostAfter([1, 2], [], [9]);
    const [gone] = store.breaks.value;
    expect(markBreak(store, gone!)).toBe(1);
    expect(shown(store)).toEqual(['1', '2', 'gap', '9']);
    const quiet = lostAfter([1, 2], [], [9]);
    fillBreak(quiet, quiet.breaks.value[0]!, archived(3, 4));
    expect(shown(quiet)).toEqual(['1', '2', '3', '4', '9']);
  });

  it('two breaks in a row are filled one after the other', () => {
    const store = lostAfter([1, 2], [[line(5)]], []);
    snapshot(store, [[line(8)]], 'cccc-8');
    const [first, second] = store.breaks.value;
    expect(second).toMatchObject({ after: 'bbbb-8', cursor: 'cccc-8' });
    fillBreak(store, first!, archived(3, 4, 5));
    fillBreak(store, store.breaks.value[1]!, archived(6, 7, 8));
    expect(shown(store)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  });

  it('the first snapshot of a page is none', () => {
    const store = new LogStore({ schedule: (flush) => flush() });
    snapshot(store, [[line(1)]], 'aaaa-1');
    expect(store.breaks.value).toEqual([]);
  });
});

function line(n: number, host = 'web-1'): LogLine {
  return logLineOf(host, n, { time: 1_790_000_000_000 + n, text: String(n) });
}

function named(lines: readonly LogLine[]): ArchivedLine[] {
  return lines.map((each) => ({ id: `bbbb-${each.text}`, line: each }));
}

function archived(...numbers: number[]): ArchivedLine[] {
  return named(numbers.map((n) => line(n)));
}

/** Lines that were held, what a snapshot of another start brought of each host, and what came since. */
function lostAfter(held: number[], sent: LogLine[][], since: number[]): LogStore {
  const store = new LogStore({ schedule: (flush) => flush() });
  for (const n of held) store.append(line(n), `aaaa-${n}`);
  snapshot(store, sent, 'bbbb-8');
  for (const n of since) store.append(line(n), `bbbb-${n}`);
  return store;
}

function snapshot(store: LogStore, sent: LogLine[][], cursor: string): void {
  store.beginSnapshot();
  for (const each of sent.flat()) store.append(each, `${cursor}~`);
  store.endSnapshot(cursor);
}

function shown({ rows }: LogStore): string[] {
  return Array.from({ length: rows.size }, (_, index) => {
    const row = rows.at(rows.first + index)!;
    return row.kind === 'line' ? row.line.text : row.kind;
  });
}
