/**
 * A stream whose holes are filled from the hub's log archive: what came while it was lost for longer than the hub remembers, as over a
 * restart, and what was left out because this reader was too slow. What the archive does not have either is told as skipped.
 */
import { formatCursor, parseCursor, type Cursor } from '../../../shared/cursor.ts';
import { searchProblems } from '../../../shared/schema/log-search.ts';
import { gap, hello } from '../../../shared/schema/stream.ts';
import type { StreamMessage } from '../read-once.ts';
import type { Archive, Found } from './archive.ts';
import { askInTime, countIn, type Stretch } from './ask-in-time.ts';
import { Hole, type Skipped } from './hole.ts';

export type TailMessage = StreamMessage | { skipped: Skipped };

/** As many lines as `--lines` may ask for: more than anybody reads, and told within a second or two. */
const MAX_FILLED_LINES = 10_000;
/**
 * The stream is not read meanwhile, and a hub cuts a reader that takes nothing for ten seconds. Printing counts: where the output is slow,
 * the rest is told as skipped.
 */
const FILL_MS = 8_000;
/** Held at once: the next page is asked for when the one before was printed. */
const PAGE_LINES = 1_000;

/** `stopped`: the bound was reached; `troubled`: the hub could not keep all; `refused`: it does not answer (any more). */
interface FillEnd {
  how: 'whole' | 'stopped' | 'troubled' | 'refused';
  /** The last line told, or else what was asked for. */
  after: string;
  told: number;
  /** Of the problem, where it was refused. */
  code: string;
}

/** `archive` null: there is none that could be asked, and the stream passes as it is. Ends with the stream. */
export function withMissed(
  messages: AsyncIterable<StreamMessage>,
  archive: Archive | null,
  signal: AbortSignal,
): AsyncIterable<TailMessage> {
  return archive === null ? messages : new MissedLines(archive, signal).fillIn(messages);
}

class MissedLines {
  readonly #archive: Archive;
  readonly #signal: AbortSignal;
  /** Of the newest event that was taken; null before the end of the first snapshot. */
  #place: Cursor | null = null;
  /** In which start of the hub a line came last. */
  #epochOfLines: string | null = null;
  /** When something came last, snapshots aside, by this machine's clock. */
  #heardAt = Date.now();
  /** Of a snapshot that follows lines which were told, until it is known what lies between. */
  #snapshot: StreamMessage[] | null = null;
  /** In the middle of the stream; null: none that was not passed. */
  #hole: Hole | null = null;

  constructor(archive: Archive, signal: AbortSignal) {
    this.#archive = archive;
    this.#signal = signal;
  }

  async *fillIn(messages: AsyncIterable<StreamMessage>): AsyncGenerator<TailMessage> {
    for await (const message of messages) {
      if (message.name === 'hello' && this.#place !== null) yield* this.#begin(message);
      else if (this.#snapshot !== null) yield* this.#takeOfSnapshot(message, this.#snapshot);
      else yield* this.#take(message);
    }
  }

  async *#take(message: StreamMessage): AsyncGenerator<TailMessage> {
    const place = message.id === null ? null : parseCursor(message.id);
    if (place === null || place.partial) return void (yield message);
    this.#heardAt = Date.now();
    if (message.name === 'gap') {
      yield* this.#takeGap(message, place);
      return;
    }
    const hole = this.#hole;
    if (hole === null || !hole.holds(place)) yield* this.#leaveHole();
    else if (message.name === 'log') {
      hole.came(message.id!);
      return;
    }
    this.#place = place;
    if (message.name === 'log') this.#epochOfLines = place.epoch;
    yield message;
  }

  /** A connection that goes on where the one before ended goes on in the hole as well. */
  async *#begin(message: StreamMessage): AsyncGenerator<TailMessage> {
    const told = hello.safeParse(JSON.parse(message.data));
    if (!told.success || told.data.resumed) return void (yield message);
    this.#snapshot = [message];
    this.#place = this.#hole?.until ?? this.#place;
    yield* this.#leaveHole();
  }

  async *#takeOfSnapshot(message: StreamMessage, held: StreamMessage[]): AsyncGenerator<TailMessage> {
    if (message.name === 'ready') yield* this.#endSnapshot(message, held);
    else if (message.name === 'log') held.push(message);
    // Gaps are told again: they lie before or among the lines that are to come.
    else if (message.name !== 'gap') yield message;
  }

  /** All that lies between the newest event and the end of the snapshot, the snapshot's own lines among it. */
  async *#endSnapshot(message: StreamMessage, held: StreamMessage[]): AsyncGenerator<TailMessage> {
    this.#snapshot = null;
    const place = parseCursor(message.id ?? '');
    const end = place === null ? null : yield* this.#fillUpTo(place);
    if (end === null || (end.how === 'refused' && end.told === 0)) yield* [...held, message];
    else if (end.how === 'troubled') yield this.#lost(null);
    else if (end.how !== 'whole') {
      const rest = { after: end.after, before: behind(place!) };
      yield this.#lost(await countIn(this.#archive, rest, this.#signal));
    }
    this.#place = place ?? this.#place;
    this.#heardAt = Date.now();
  }

  async *#fillUpTo(place: Cursor): AsyncGenerator<TailMessage, FillEnd> {
    const { epoch, sequence } = this.#place!;
    const before = behind(place);
    const end = yield* this.#tell({ after: formatCursor(epoch, sequence), before });
    if (end.code !== searchProblems.unknownLine) return end;
    // No line of that start is kept (any more). Where none came, nothing of it is missing; what came since is of this one.
    if (this.#epochOfLines === epoch) yield this.#lost(null);
    return yield* this.#tell({ after: formatCursor(place.epoch, 0), before });
  }

  async *#takeGap(message: StreamMessage, place: Cursor): AsyncGenerator<TailMessage> {
    const told = gap.safeParse(JSON.parse(message.data));
    if (!told.success || told.data.reason !== 'slow-reader' || told.data.channel !== 'logs')
      return void (yield message);
    // Who is so far behind is not helped by more to print.
    if (this.#archive.isOfAll && (told.data.count ?? 0) > MAX_FILLED_LINES) return void (yield message);
    if (this.#hole === null) this.#hole = new Hole(told.data, place);
    else this.#hole.add(told.data, place);
    const hole = this.#hole;
    if (hole.isFilled) return;
    const end = yield* this.#tell({ after: hole.askAfter, before: null }, hole);
    if (end.how === 'whole') hole.close();
  }

  async *#leaveHole(): AsyncGenerator<TailMessage> {
    const skipped = this.#hole?.left ?? null;
    this.#hole = null;
    if (skipped !== null) yield { skipped };
  }

  /** Lines of the archive, page by page. `hole`: is told of each. */
  async *#tell(stretch: Stretch, hole: Hole | null = null): AsyncGenerator<TailMessage, FillEnd> {
    const deadline = performance.now() + FILL_MS;
    let { after } = stretch;
    let told = 0;
    const ended = (how: FillEnd['how'], code = ''): FillEnd => ({ how, after, told, code });
    while (told < MAX_FILLED_LINES) {
      const limit = Math.min(PAGE_LINES, MAX_FILLED_LINES - told);
      const page = await askInTime(this.#archive, { ...stretch, after, limit }, deadline, this.#signal);
      if (!page.isGood) return ended('refused', page.code);
      if (told === 0 && this.#isForgotten(page)) yield this.#lost(null);
      for (const { id, line } of page.lines) {
        if (performance.now() > deadline) return ended('stopped');
        hole?.fill(id);
        yield { name: 'log', id, data: JSON.stringify(line) };
        this.#epochOfLines = parseCursor(id)!.epoch;
        after = id;
        told++;
      }
      if (page.rest === null) return ended(page.isTroubled ? 'troubled' : 'whole');
      after = page.rest;
    }
    return ended('stopped');
  }

  /** Lines had come, and of that time none are kept any more. */
  #isForgotten({ keptSince }: Found): boolean {
    return this.#epochOfLines !== null && keptSince !== null && keptSince > this.#heardAt;
  }

  #lost(count: number | null): TailMessage {
    const skipped = {
      host: null,
      channel: 'logs',
      reason: 'lost',
      from: this.#heardAt,
      to: Date.now(),
      count,
    } as const;
    return { skipped };
  }
}

/** The bound that includes the event of this place. */
function behind({ epoch, sequence }: Cursor): string {
  return formatCursor(epoch, sequence + 1);
}
