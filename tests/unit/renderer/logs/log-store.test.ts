/** The log store: bounded, without doubles after a snapshot, exact counts while paused. */
import { describe, expect, it } from 'vitest';
import type { LineRow } from '../../../../renderer/store/log-row.ts';
import { LogStore, type LogStoreOptions } from '../../../../renderer/store/log-store.ts';
import type { LogLine } from '../../../../shared/schema/logs.ts';
import { until } from '../../../support/until.ts';

describe('LogStore', () => {
  it('holds at most its capacity, dropping the oldest', () => {
    const store = newStore({ capacity: 3 });
    for (let n = 0; n < 5; n++) store.append(line(n), live);
    expect(texts(store)).toEqual(['2', '3', '4']);
    expect([store.rows.first, store.rows.next]).toEqual([2, 5]);
  });

  it('holds at most its bytes, however few lines that is', () => {
    const store = newStore({ capacity: 1_000, maxBytes: 100_000 });
    for (let n = 0; n < 50; n++) store.append({ ...line(n), text: 'x'.repeat(10_000) }, live);
    expect(store.rows.bytes).toBeLessThanOrEqual(100_000);
    expect(store.rows.size).toBe(4);
  });

  it('tells readers once per batch', () => {
    const flushes: (() => void)[] = [];
    const store = new LogStore({ schedule: (flush) => flushes.push(flush) });
    for (let n = 0; n < 100; n++) store.append(line(n), live);
    expect(flushes).toHaveLength(1);
    flushes[0]!();
    expect(store.revision.value).toBe(1);
  });

  it('keeps what it holds through a reset and takes only the new lines of the snapshot', () => {
    const store = newStore();
    for (let n = 0; n < 10; n++) store.append(line(n), live);
    store.beginSnapshot();
    for (let n = 5; n < 13; n++) store.append(line(n), partial);
    store.endSnapshot();
    expect(texts(store)).toEqual(numbers(0, 13));
  });

  it('puts lines in the place of a gap: those behind keep their numbers, the oldest go where there is no room', () => {
    const store = newStore({ capacity: 6 });
    for (let n = 0; n < 2; n++) store.append(line(n), live);
    const gap = { host: 'web-1', channel: 'logs', reason: 'slow-reader', from: 2, to: 3, count: 2 } as const;
    store.gap(gap);
    for (let n = 5; n < 7; n++) store.append(line(n), live);
    const numberOfFive = store.rows.next - 2;
    const missing = [2, 3, 4].map((n): LineRow => ({ kind: 'line', id: `abcd-${n}`, line: line(n) }));
    store.replace(numberOfFive - 1, numberOfFive, missing);
    expect(texts(store)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(store.rows.at(numberOfFive)).toMatchObject({ line: { text: '5' } });
    expect(store.rows.at(numberOfFive - 3)).toMatchObject({ id: 'abcd-2' });
    expect(store.rows.lines).toBe(6);
    for (let n = 7; n < 20; n++) store.append(line(n), live);
    expect(texts(store)).toEqual(numbers(14, 20));
  });

  it('puts lines that came late together under one mark, between the lines of now', async () => {
    const store = newStore({ lateMs: 5 });
    const late = (n: number): LogLine => ({ ...line(n), late: true });
    store.append(line(100), live);
    store.append(late(1), live);
    store.append(line(101), live);
    store.append(late(2), live);
    await until('the late lines', () => store.rows.size === 5);
    expect(texts(store)).toEqual(['100', '101', '[late 2]', '1', '2']);
  });

  it('takes a late line of a snapshot once, wherever it stands', () => {
    const store = newStore();
    const late = (n: number): LogLine => ({ ...line(n), late: true });
    for (const each of [line(100), late(1), line(101), late(2)]) store.append(each, live);
    store.beginSnapshot();
    for (const each of [line(100), late(1), line(101), late(2), late(3), line(102)])
      store.append(each, partial);
    store.endSnapshot();
    expect(texts(store)).toEqual(['100', '101', '[late 2]', '1', '2', '3', '102']);
  });

  it('finds the overlap among equal lines', () => {
    const store = newStore();
    const same = { ...line(0), text: 'same' };
    for (let n = 0; n < 4; n++) store.append(same, live);
    store.beginSnapshot();
    for (let n = 0; n < 4; n++) store.append(same, partial);
    store.append(line(9), partial);
    store.endSnapshot();
    expect(texts(store)).toEqual(['same', 'same', 'same', 'same', '9']);
  });

  it('marks where lines may be missing when the snapshot begins after what is held', () => {
    const store = newStore();
    store.append(line(1), live);
    store.beginSnapshot();
    store.append(line(50), partial);
    store.endSnapshot();
    expect(store.rows.at(1)).toMatchObject({
      kind: 'gap',
      reason: 'reconnected',
      host: 'web-1',
      count: null,
    });
    expect(texts(store)).toEqual(['1', '50']);
  });

  it('merges the hosts of a snapshot by time without reordering one host', () => {
    const store = newStore();
    store.beginSnapshot();
    for (const n of [1, 5, 3]) store.append(line(n, 'a'), partial);
    for (const n of [2, 4, 6]) store.append(line(n, 'b'), partial);
    store.endSnapshot();
    expect(texts(store)).toEqual(['1', '2', '4', '5', '3', '6']);
  });

  it('forgets a snapshot that was cut off', () => {
    const store = newStore();
    store.beginSnapshot();
    store.append(line(1), partial);
    store.beginSnapshot();
    store.append(line(1), partial);
    store.append(line(2), partial);
    store.endSnapshot();
    expect(texts(store)).toEqual(['1', '2']);
  });

  it('drops nothing from a pinned row on, keeps the newest aside and counts what it let pass', () => {
    const store = newStore({ capacity: 5, asideCapacity: 2 });
    const reader = {};
    for (let n = 0; n < 5; n++) store.append(line(n), live);
    store.pin(reader, 2);
    for (let n = 5; n < 12; n++) store.append(line(n), live);
    expect(texts(store)).toEqual(numbers(2, 7));
    store.unpin(reader);
    expect(texts(store)).toEqual(['5', '6', '10', '11']);
    expect(store.rows.at(store.rows.next - 3)).toMatchObject({ kind: 'gap', reason: 'paused', count: 3 });
  });

  it('goes on normally once the pin is gone', () => {
    const store = newStore({ capacity: 3 });
    const reader = {};
    store.append(line(0), live);
    store.pin(reader, 0);
    for (let n = 1; n < 4; n++) store.append(line(n), live);
    store.unpin(reader);
    for (let n = 4; n < 7; n++) store.append(line(n), live);
    expect(texts(store)).toEqual(['4', '5', '6']);
  });
});

const live = 'abcd-1';
const partial = 'abcd-1~';

function newStore(options: LogStoreOptions = {}): LogStore {
  return new LogStore({ schedule: () => {}, ...options });
}

function line(n: number, host = 'web-1'): LogLine {
  return { host, time: 1_000 + n, level: 'info', source: 'app', text: String(n) };
}

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => String(from + index));
}

function texts(store: LogStore): string[] {
  const all: string[] = [];
  for (let number = store.rows.first; number < store.rows.next; number++) {
    const row = store.rows.at(number)!;
    if (row.kind === 'line') all.push(row.line.text);
    if (row.kind === 'late') all.push(`[late ${row.count}]`);
  }
  return all;
}
