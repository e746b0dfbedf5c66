/**
 * The log lines the page holds, newest last, with a mark wherever some are missing. Bounded by number and
 * by bytes; readers walk from the number they stopped at to `rows.next`, and begin anew when `generation` grows.
 */
import { shallowRef, type ShallowRef } from 'vue';
import { parseCursor } from '../../shared/cursor.ts';
import type { ArchivedLine } from '../../shared/schema/log-search.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import type { Gap } from '../../shared/schema/stream.ts';
import { asOneTail } from './as-one-tail.ts';
import { LateLines } from './late-lines.ts';
import { linesNotHeld } from './log-overlap.ts';
import type { GapRow, LineRow, LogRow } from './log-row.ts';
import { RowRing } from './row-ring.ts';
import { onNextFrame } from './next-frame.ts';

/** So many breaks wait to be asked about: a page may stand on another screen for days. */
const MAX_BREAKS = 8;

export interface LogStoreOptions {
  /** Rows held at most. Default 50,000. */
  capacity?: number;
  /** Estimated bytes held at most. Default 64 MiB. */
  maxBytes?: number;
  /** Rows kept aside at most once a pin leaves no room. Default 5,000. */
  asideCapacity?: number;
  /** When `revision` grows after a change. Default: at the next frame, or within a second while hidden. */
  schedule?: (flush: () => void) => void;
  /** How long late lines are gathered before they are taken together, in milliseconds. Default 500. */
  lateMs?: number;
}

export interface Beginning {
  /** Of the place behind the snapshot. */
  readonly cursor: string;
  /** Hosts whose older lines were asked for; '' stands for all. */
  readonly asked: Set<string>;
}

/** The stream came back later than the hub remembers, as over a restart of the hub: lines may have come meanwhile. */
export interface Break {
  /** The newest place among what was held, and the one behind the snapshot that followed. */
  readonly after: string;
  readonly cursor: string;
  /** The row that stands before it, and those that the snapshot brought: marks of what may be missing, and lines. */
  readonly before: LogRow;
  readonly rows: readonly LogRow[];
}

export class LogStore {
  /** Grows once per batch of changes. Watch it, then read `rows`. */
  readonly revision: ShallowRef<number> = shallowRef(0);
  /** Grows when rows were put between others, so that older ones have other numbers since, and when all are forgotten. */
  readonly generation: ShallowRef<number> = shallowRef(0);
  /** The snapshot that the lines held began with: older ones can be put before it. Null: they began otherwise. */
  readonly beginning: ShallowRef<Beginning | null> = shallowRef(null);
  /** Until somebody has asked the hub what came meanwhile, the oldest first. */
  readonly breaks: ShallowRef<readonly Break[]> = shallowRef([]);
  readonly rows: RowRing;
  /** Newest rows for which a pin left no room; they join `rows` when it is lifted. */
  readonly aside: RowRing;

  /** What `replace` did last: rows before number `first` have a number lower by so many. Null: all were forgotten since. */
  moved: { readonly first: number; readonly by: number } | null = null;

  readonly #schedule: (flush: () => void) => void;
  /** Lines of a snapshot that has not ended, by host; null outside a snapshot. */
  #snapshot: Map<string, LogLine[]> | null = null;
  /** Per reader, the number of the oldest row it looks at: from there on nothing is dropped. */
  readonly #pins = new Map<object, number>();
  readonly #late: LateLines;
  #droppedAside = 0;
  /** Of the place behind the newest snapshot. */
  #cursor: string | null = null;
  #isScheduled = false;

  constructor(options: LogStoreOptions = {}) {
    const maxBytes = options.maxBytes ?? 64 * 1024 * 1024;
    this.rows = new RowRing({ capacity: options.capacity ?? 50_000, maxBytes });
    this.aside = new RowRing({ capacity: options.asideCapacity ?? 5_000, maxBytes: maxBytes / 8 });
    this.#schedule = options.schedule ?? onNextFrame;
    this.#late = new LateLines((host, lines) => this.#takeLate(host, lines), options.lateMs);
  }

  /** Takes a line. One with a partial cursor belongs to a snapshot and waits for its end. */
  append(line: LogLine, cursor: string): void {
    if (parseCursor(cursor)?.partial) {
      this.#snapshot ??= new Map();
      const lines = this.#snapshot.get(line.host);
      if (lines === undefined) this.#snapshot.set(line.host, [line]);
      else lines.push(line);
      return;
    }
    this.endSnapshot();
    const row: LineRow = { kind: 'line', line, id: cursor };
    if (line.late) this.#late.add(row);
    else this.#take(row);
  }

  /** Takes a line that stands behind all others, wherever it is from. */
  add({ id, line }: ArchivedLine): void {
    this.#take({ kind: 'line', line, id });
  }

  /** Puts rows in the place of those from number `first` to `end`, which is not included. The oldest go where there is no room. */
  replace(first: number, end: number, rows: readonly LogRow[]): void {
    const gone = new Set<LogRow>();
    for (let number = first; number < end; number++) gone.add(this.rows.at(number)!);
    this.rows.insertBefore(end, rows, end - first);
    this.moved = { first, by: rows.length - (end - first) };
    const before = this.rows.at(end - 1);
    if (before !== undefined && this.breaks.value.some((each) => gone.has(each.before)))
      this.breaks.value = this.breaks.value.map((each) =>
        gone.has(each.before) ? { ...each, before } : each,
      );
    this.generation.value++;
    this.#changed();
  }

  gap(gap: Gap): void {
    const { host, reason, from, to, count } = gap;
    this.#take({ kind: 'gap', host, reason, from, to, count });
  }

  /** A snapshot follows. What is held stays: the snapshot's lines are compared with it. */
  beginSnapshot(): void {
    this.#snapshot = new Map();
  }

  /** The snapshot is complete: takes the lines not held yet, and marks where some may be missing. `cursor`: of the place behind it. */
  endSnapshot(cursor: string | null = null): void {
    if (this.#snapshot === null) return;
    const snapshot = this.#snapshot;
    this.#snapshot = null;
    const isFirst = this.rows.lines === 0 && cursor !== null;
    this.beginning.value = isFirst ? { cursor, asked: new Set() } : null;
    for (const host of snapshot.keys()) this.#late.flush(host);
    const { gaps, lines } = this.#newsOf(snapshot);
    const rows = [...gaps, ...asOneTail(lines)];
    this.#noteBreak(cursor, rows);
    for (const row of rows) this.#take(row);
    this.#cursor = cursor ?? this.#cursor;
  }

  clear(): void {
    this.#late.clear();
    this.rows.clear();
    this.aside.clear();
    this.#snapshot = null;
    this.#droppedAside = 0;
    this.beginning.value = null;
    this.breaks.value = [];
    this.#cursor = null;
    this.moved = null;
    this.generation.value++;
    this.#changed();
  }

  /** Keeps every row from `number` on until `unpin(reader)`; what has no room meanwhile goes aside. */
  pin(reader: object, number: number): void {
    this.#pins.set(reader, number);
  }

  unpin(reader: object): void {
    this.#pins.delete(reader);
    if (this.#pins.size === 0) this.#takeAside();
  }

  /** Of the lines of a snapshot those that are not held, and marks of the hosts of which more may be missing. */
  #newsOf(snapshot: ReadonlyMap<string, readonly LogLine[]>): { gaps: GapRow[]; lines: LineRow[] } {
    const gaps: GapRow[] = [];
    const lines: LineRow[] = [];
    for (const [host, sent] of snapshot) {
      const held = this.#newestOf(host, sent.length);
      const news = linesNotHeld(held, sent);
      if (news === null) {
        const [from, to] = [held.at(-1)!.time, sent[0]!.time];
        gaps.push({ kind: 'gap', host, reason: 'reconnected', from, to, count: null });
      }
      for (const line of news ?? sent) lines.push({ kind: 'line', line, id: null });
    }
    return { gaps, lines };
  }

  #noteBreak(cursor: string | null, rows: readonly LogRow[]): void {
    const { rows: held, aside } = this;
    const before = held.at(held.next - 1);
    const after = this.#newestPlace();
    if (cursor === null || before === undefined || after === null || aside.size > 0) return;
    this.breaks.value = [...this.breaks.value, { after, cursor, before, rows }].slice(-MAX_BREAKS);
  }

  /** Of the newest line; where it came in a snapshot, the place behind that. */
  #newestPlace(): string | null {
    for (let number = this.rows.next - 1; number >= this.rows.first; number--) {
      const row = this.rows.at(number)!;
      if (row.kind === 'line') return row.id ?? this.#cursor;
    }
    return null;
  }

  #takeLate(host: string, lines: readonly LineRow[]): void {
    const times = lines.map(({ line }) => line.time);
    const [from, to] = [Math.min(...times), Math.max(...times)];
    this.#take({ kind: 'late', host, from, to, count: lines.length });
    for (const row of lines) this.#take(row);
  }

  #take(row: LogRow): void {
    if (this.aside.size > 0 || !this.#makeRoom(row)) this.#droppedAside += this.aside.push(row);
    else this.rows.push(row);
    this.#changed();
  }

  /** False where a pin forbids to drop what stands in the way. */
  #makeRoom(row: LogRow): boolean {
    const firstPinned = Math.min(...this.#pins.values());
    while (!this.rows.hasRoomFor(row)) {
      if (this.rows.first >= firstPinned) return false;
      this.rows.dropFirst();
    }
    return true;
  }

  #takeAside(): void {
    const rows: LogRow[] = [];
    for (let number = this.aside.first; number < this.aside.next; number++) rows.push(this.aside.at(number)!);
    this.aside.clear();
    if (this.#droppedAside > 0) {
      const count = this.#droppedAside;
      this.#take({ kind: 'gap', host: null, reason: 'paused', from: null, to: null, count });
    }
    this.#droppedAside = 0;
    for (const row of rows) this.#take(row);
  }

  /** The newest lines of a host, at most `count`, in order. */
  #newestOf(host: string, count: number): LogLine[] {
    const lines: LogLine[] = [];
    for (const ring of [this.aside, this.rows]) {
      for (let number = ring.next - 1; number >= ring.first && lines.length < count; number--) {
        const row = ring.at(number)!;
        if (row.kind === 'line' && row.line.host === host) lines.push(row.line);
      }
    }
    return lines.reverse();
  }

  #changed(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#schedule(() => {
      this.#isScheduled = false;
      this.revision.value++;
    });
  }
}
