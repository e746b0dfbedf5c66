/** Filtering what is held, a slice at a time. */
import { describe, expect, it } from 'vitest';
import { readyQuery, type LogQuery } from '../../../../renderer/store/log-query.ts';
import { LogScan } from '../../../../renderer/store/log-scan.ts';
import { LogStore } from '../../../../renderer/store/log-store.ts';
import { parseFilter } from '../../../../shared/filter/parse.ts';
import type { LogLevel } from '../../../../shared/log-level.ts';

describe('LogScan', () => {
  it('lists the rows that pass, and counts by level what passes but for the floor', () => {
    const store = newStore(100);
    const scan = scanOf(store, { filter: parseFilter('keep'), floor: 'warn' });
    add(store, 'keep a', 'info');
    add(store, 'keep b', 'warn');
    add(store, 'drop c', 'error');
    add(store, 'keep d', 'fatal');
    add(store, 'keep e', null);
    scan.advance(100);
    expect(texts(store, scan)).toEqual(['keep b', 'keep d']);
    expect(Array.from(scan.countsByLevel)).toEqual([1, 0, 0, 1, 1, 0, 1]);
    expect(scan.shownLines).toBe(2);
  });

  it('counts and lists only what is held, whatever was dropped meanwhile', () => {
    const store = newStore(10);
    const scan = scanOf(store, { filter: parseFilter('keep') });
    for (let n = 0; n < 200; n++) {
      add(store, n % 3 === 0 ? `keep ${n}` : `drop ${n}`, 'info');
      // Sometimes it keeps up, sometimes rows come and go unseen.
      if (n % 5 === 0 || n > 150) scan.advance(n % 2 === 0 ? 3 : 100);
    }
    while (!scan.isCaughtUp) scan.advance(100);
    scan.forget();
    expect(texts(store, scan)).toEqual(['keep 192', 'keep 195', 'keep 198']);
    expect(scan.shownLines).toBe(3);
    expect(scan.countsByLevel[3]).toBe(3);
  });

  it('makes one entry of equal lines that follow each other', () => {
    const store = newStore(100);
    const scan = scanOf(store, { isCollapsing: true });
    for (const text of ['a', 'a', 'b', 'a', 'a', 'a']) add(store, text, 'info');
    scan.advance(100);
    const { entries } = scan;
    expect(texts(store, scan)).toEqual(['a', 'b', 'a']);
    expect([0, 1, 2].map((ordinal) => entries.repeatsAt(ordinal))).toEqual([2, 1, 3]);
    expect(scan.shownLines).toBe(6);
  });

  it('keeps an entry until the newest of its equal lines is dropped', () => {
    const store = newStore(3);
    const scan = scanOf(store, { isCollapsing: true });
    for (const text of ['a', 'a', 'a', 'b', 'c']) add(store, text, 'info');
    scan.advance(100);
    expect(texts(store, scan)).toEqual(['a', 'b', 'c']);
    add(store, 'd', 'info');
    scan.advance(100);
    expect(texts(store, scan)).toEqual(['b', 'c', 'd']);
  });

  it('counts unseen lines exactly, those set aside by a pin included', () => {
    const store = newStore(5);
    const scan = scanOf(store, { filter: parseFilter('-drop') });
    for (let n = 0; n < 5; n++) add(store, `line ${n}`, 'info');
    scan.advance(100);
    store.pin({}, 0);
    scan.countUnseenFrom(scan.position);
    for (let n = 0; n < 20; n++) {
      add(store, n % 2 === 0 ? `line ${n}` : `drop ${n}`, n % 10 === 0 ? 'error' : 'info');
      scan.advance(100);
    }
    expect([scan.unseenLines, scan.unseenErrors]).toEqual([10, 2]);
    expect(texts(store, scan)).toEqual(['line 0', 'line 1', 'line 2', 'line 3', 'line 4']);
  });

  it('shows gaps of the hosts and the time it is asked for', () => {
    const store = newStore(100);
    const gap = { channel: 'logs', reason: 'offline', count: null } as const;
    store.gap({ ...gap, host: 'other', from: 10, to: 20 });
    store.gap({ ...gap, host: null, from: 10, to: 20 });
    store.gap({ ...gap, host: 'web-1', from: 90, to: 95 });
    const scan = scanOf(store, { hostId: 'web-1', span: { from: 15, to: 50 } });
    scan.advance(100);
    expect(scan.entries.size).toBe(1);
  });
});

function newStore(capacity: number): LogStore {
  return new LogStore({ capacity, asideCapacity: 3, schedule: () => {} });
}

function scanOf(store: LogStore, query: Partial<LogQuery>): LogScan {
  const full = {
    filter: parseFilter(''),
    floor: null,
    hostId: null,
    span: null,
    isCollapsing: false,
    ...query,
  };
  return new LogScan(
    store,
    readyQuery(full, () => false),
    Infinity,
  );
}

let time = 0;

function add(store: LogStore, text: string, level: LogLevel | null): void {
  store.append({ host: 'web-1', time: ++time, level, source: 'app', text }, 'abcd-1');
}

function texts(store: LogStore, scan: LogScan): string[] {
  const { entries } = scan;
  const all: string[] = [];
  for (let ordinal = entries.first; ordinal < entries.next; ordinal++) {
    const row = store.rows.at(entries.numberAt(ordinal));
    all.push(row?.kind === 'line' ? row.line.text : '?');
  }
  return all;
}
