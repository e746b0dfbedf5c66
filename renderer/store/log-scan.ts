/**
 * One pass of a query over the store: from the oldest row held, and on with whatever arrives. Knows at any
 * time which rows pass, how many there are of each level, and how many have arrived.
 */
import { levelRank, logLevels } from '../../shared/log-level.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import { EntryList } from './entry-list.ts';
import type { ReadyQuery } from './log-query.ts';
import { isRepeat, type LogRow } from './log-row.ts';
import type { LogStore } from './log-store.ts';
import { slotOf, type RowRing } from './row-ring.ts';

const errorRank = levelRank('error');

export class LogScan {
  readonly query: ReadyQuery;
  readonly entries: EntryList;
  /** Lines held that pass all but the floor, by level: [none, trace, debug, ... fatal]. */
  readonly countsByLevel = new Uint32Array(logLevels.length + 1);
  /** Lines that pass from row `unseenFrom` on, whether still held or not; those a pin set aside included. */
  unseenLines = 0;
  unseenErrors = 0;

  readonly #store: LogStore;
  readonly #capacity: number;
  /** By row: 0 did not pass, else 1 + its place in `countsByLevel`. */
  readonly #levels: Uint8Array;
  #oldest: number;
  #number: number;
  #asideNumber: number;
  #unseenFrom: number;

  /** `unseenFrom`: number of the first row to count as unseen; Infinity: none is. */
  constructor(store: LogStore, query: ReadyQuery, unseenFrom: number) {
    this.query = query;
    this.#unseenFrom = unseenFrom;
    this.#store = store;
    this.#capacity = store.rows.capacity;
    this.entries = new EntryList(this.#capacity);
    this.#levels = new Uint8Array(this.#capacity);
    this.#oldest = this.#number = store.rows.first;
    this.#asideNumber = store.aside.first;
  }

  get isCaughtUp(): boolean {
    return this.#number >= this.#store.rows.next && this.#asideNumber >= this.#store.aside.next;
  }

  /** The ring the next rows come from, and the number of the first of them. */
  get ahead(): { ring: RowRing; number: number } {
    const { rows, aside } = this.#store;
    this.#number = Math.max(this.#number, rows.first);
    this.#asideNumber = Math.max(this.#asideNumber, aside.first);
    return this.#number < rows.next
      ? { ring: rows, number: this.#number }
      : { ring: aside, number: this.#asideNumber };
  }

  /** Number of the row to be tried next. */
  get position(): number {
    return this.#number;
  }

  /** Counts lines from this row on as unseen, beginning at none. Infinity: counts no more. */
  countUnseenFrom(number: number): void {
    this.unseenLines = 0;
    this.unseenErrors = 0;
    this.#unseenFrom = number;
  }

  /** Tries at most `count` rows, from `ahead` on. */
  advance(count: number): void {
    this.forget();
    const { ring, number } = this.ahead;
    const end = Math.min(number + count, ring.next);
    const isHeld = ring === this.#store.rows;
    for (let each = number; each < end; each++) {
      const row = ring.at(each)!;
      if (isHeld) this.#take(row, each);
      else this.#takeAside(row);
    }
    if (isHeld) this.#number = end;
    else this.#asideNumber = end;
  }

  /** Lines held that pass, floor included. */
  get shownLines(): number {
    let lines = 0;
    for (let rank = -1; rank < logLevels.length; rank++) {
      if (rank >= this.query.lowestRank) lines += this.countsByLevel[rank + 1]!;
    }
    return lines;
  }

  /** Every line held that passes, floor included, oldest first. */
  eachPassing(visit: (line: LogLine) => void): void {
    const { rows } = this.#store;
    for (let number = Math.max(this.#oldest, rows.first); number < this.#number; number++) {
      if (this.#levels[slotOf(number, this.#capacity)] === 0) continue;
      const row = rows.at(number);
      if (row?.kind === 'line' && this.query.passesFloor(row.line)) visit(row.line);
    }
  }

  /** Lets go of rows the store no longer holds. */
  forget(): void {
    const { first } = this.#store.rows;
    if (this.#oldest === first) return;
    for (; this.#oldest < first; this.#oldest++) {
      const slot = slotOf(this.#oldest, this.#capacity);
      const level = this.#levels[slot]!;
      if (level > 0) this.countsByLevel[level - 1]!--;
      this.#levels[slot] = 0;
    }
    this.entries.dropBefore(first);
  }

  #take(row: LogRow, number: number): void {
    if (row.kind !== 'line') {
      if (this.query.showsMark(row)) this.entries.push(number);
      return;
    }
    if (!this.query.passes(row.line)) return;
    const rank = levelRank(row.line.level);
    this.#levels[slotOf(number, this.#capacity)] = rank + 2;
    this.countsByLevel[rank + 1]!++;
    if (!this.query.passesFloor(row.line)) return;
    if (number >= this.#unseenFrom) this.#countUnseen(rank);
    if (this.query.isCollapsing && this.#repeatsNewest(row.line)) this.entries.repeat(number);
    else this.entries.push(number);
  }

  /** Not held yet, so it cannot be shown: it only counts. */
  #takeAside(row: LogRow): void {
    if (this.#unseenFrom === Infinity || row.kind !== 'line') return;
    if (this.query.passes(row.line) && this.query.passesFloor(row.line))
      this.#countUnseen(levelRank(row.line.level));
  }

  #countUnseen(rank: number): void {
    this.unseenLines++;
    if (rank >= errorRank) this.unseenErrors++;
  }

  #repeatsNewest(line: LogLine): boolean {
    const { entries } = this;
    if (entries.size === 0) return false;
    const before = this.#store.rows.at(entries.numberAt(entries.next - 1));
    return before?.kind === 'line' && isRepeat(before.line, line);
  }
}
