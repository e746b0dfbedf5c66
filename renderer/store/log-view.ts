/**
 * The rows one tail shows, kept up to date with the store. A changed query is scanned aside, a slice per
 * frame, and takes over once it has caught up: what is on the screen never goes blank meanwhile.
 */
import { shallowRef, watch, type ShallowRef, type WatchHandle } from 'vue';
import { plainText } from '../../shared/ansi-text.ts';
import type { RegexNode } from '../../shared/filter/tree.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import { readyQuery, type LogQuery } from './log-query.ts';
import type { LogRow } from './log-row.ts';
import { LogScan } from './log-scan.ts';
import type { LogStore } from './log-store.ts';
import { onNextFrame } from './next-frame.ts';
import { batchLength, batchTexts, type RegexGuard } from './regex-guard.ts';
import type { RowRing } from './row-ring.ts';

export interface LogViewOptions {
  store: LogStore;
  guard: RegexGuard;
  query: LogQuery;
}

/** What a scan may take of one frame, in milliseconds, and the rows it tries between two looks at the clock. */
const sliceMs = 6;
const sliceRows = 500;

export class LogView {
  /** Grows after each change of what is shown. */
  readonly revision: ShallowRef<number> = shallowRef(0);
  /** The scan on the screen; replaced when a changed query has caught up. */
  readonly scan: ShallowRef<LogScan>;
  /** True once an expression of the query was stopped: its lines do not pass. */
  readonly isStopped: ShallowRef<boolean> = shallowRef(false);

  readonly #store: LogStore;
  readonly #guard: RegexGuard;
  readonly #watching: WatchHandle[];
  #query: LogQuery;
  /** True until the numbers in the scan on the screen are right again. */
  #isStale = false;
  /** What the worker found out about the batch at hand. */
  #verdicts = new Map<RegexNode, Set<LogLine>>();
  #next: LogScan | null = null;
  #unseenFrom = Infinity;
  #isPumping = false;

  constructor(options: LogViewOptions) {
    this.#store = options.store;
    this.#guard = options.guard;
    this.#query = options.query;
    this.scan = shallowRef(this.#scanFor(options.query));
    this.#watching = [
      watch(this.#store.revision, () => void this.#pump(), { flush: 'sync' }),
      watch(this.#store.generation, () => this.#scanAgain(), { flush: 'sync' }),
    ];
    void this.#pump();
  }

  setQuery(query: LogQuery): void {
    this.isStopped.value = false;
    this.#query = query;
    this.#next = this.#scanFor(query);
    void this.#pump();
  }

  /** Counts what arrives from now on as unseen, in the scan on the screen and in those that follow it. */
  countUnseen(isCounting: boolean): void {
    this.#unseenFrom = isCounting ? this.scan.value.position : Infinity;
    this.scan.value.countUnseenFrom(this.#unseenFrom);
    this.#next?.countUnseenFrom(this.#unseenFrom);
    this.revision.value++;
  }

  /** The row of an entry; undefined once the store let go of it. */
  rowAt(ordinal: number): LogRow | undefined {
    return this.#store.rows.at(this.scan.value.entries.numberAt(ordinal));
  }

  /** The lines shown, oldest first; each repeat by itself. */
  shownLines(): LogLine[] {
    const lines: LogLine[] = [];
    this.scan.value.eachPassing((line) => lines.push(line));
    return lines;
  }

  dispose(): void {
    for (const watching of this.#watching) watching.stop();
  }

  #scanAgain(): void {
    const { moved } = this.#store;
    if (moved !== null && this.#unseenFrom <= moved.first) this.#unseenFrom -= moved.by;
    this.#isStale = true;
    this.setQuery(this.#query);
  }

  #scanFor(query: LogQuery): LogScan {
    const ready = readyQuery(query, (regex, line) => this.#verdicts.get(regex)?.has(line) ?? false);
    return new LogScan(this.#store, ready, this.#unseenFrom);
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    const deadline = performance.now() + sliceMs;
    for (;;) {
      const scan = this.#next ?? this.scan.value;
      if (scan.isCaughtUp) break;
      if (performance.now() > deadline) {
        onNextFrame(() => void this.#pump());
        break;
      }
      if (scan.query.regexes.length > 0) await this.#advanceGuarded(scan);
      else scan.advance(sliceRows);
    }
    this.#isPumping = false;
    this.#show();
  }

  #show(): void {
    if (this.#next?.isCaughtUp) {
      this.scan.value = this.#next;
      this.#next = null;
      this.#isStale = false;
    }
    if (this.#isStale) return;
    this.scan.value.forget();
    this.revision.value++;
  }

  /** Tries the next rows' texts away from this thread, then lets the scan take them. */
  async #advanceGuarded(scan: LogScan): Promise<void> {
    const { regexes } = scan.query;
    const batch = batchAhead(scan);
    const texts = batch.lines.map((line) => plainText(line.text));
    const matches =
      this.isStopped.value || texts.length === 0 ? null : await this.#guard.test(regexes, texts);
    if (matches === null && texts.length > 0) this.isStopped.value = true;
    this.#verdicts = new Map(
      regexes.map((regex, index) => [
        regex,
        new Set(batch.lines.filter((_, at) => matches?.[index]![at] === 1)),
      ]),
    );
    // Rows may have been let go, or moved, while the worker was busy.
    const { ring, number } = scan.ahead;
    if (ring === batch.ring && number < batch.end) scan.advance(batch.end - number);
  }
}

interface Batch {
  ring: RowRing;
  /** The row after the last one of the batch. */
  end: number;
  lines: LogLine[];
}

function batchAhead(scan: LogScan): Batch {
  const { ring, number } = scan.ahead;
  const lines: LogLine[] = [];
  let end = number;
  for (let length = 0; end < ring.next && lines.length < batchTexts && length < batchLength; end++) {
    const row = ring.at(end)!;
    if (row.kind !== 'line') continue;
    lines.push(row.line);
    length += row.line.text.length;
  }
  return { ring, end, lines };
}
