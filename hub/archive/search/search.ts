/** One search through the archive, from its first record to its last. */
import { parseFilter } from '../../../shared/filter/parse.ts';
import { everyLine, type FilterNode } from '../../../shared/filter/tree.ts';
import type { SearchRecord, SearchRecordOf } from '../../../shared/schema/log-search.ts';
import { beginningOf } from '../../access/sight.ts';
import { sightOf } from '../../shares/sight-recipe.ts';
import { isBefore, type ArchiveReader, type Piece, type Place } from './archive-reader.ts';
import { SearchEnded, type Breath } from './breath.ts';
import { allOf, compileFilter, everyBlock, ofHosts, type BlockCondition } from './compile-filter.ts';
import { Histogram } from './histogram.ts';
import { LineFinder, type Found } from './line-finder.ts';
import type { SearchTask } from '../search-task.ts';
import type { Range } from '../volume/volume-reader.ts';

/** Text of the lines of one answer, in UTF-16 units; the reader asks for the rest. */
const MAX_ANSWER_TEXT = 8 * 1024 * 1024;
/** Lines may be older than the archive; a histogram that nobody gave a range leaves out those that are older by this. */
const USUAL_AGE_MS = 24 * 3_600_000;

export interface SearchParts {
  archive: ArchiveReader;
  breath: Breath;
  /** What keeps lines from being kept, for the first record. */
  trouble: string | null;
  tell: (record: SearchRecord) => void;
}

/** From this place, and up to that one, which is not included. */
export interface PlaceBounds {
  first: Place;
  end: Place;
}

export const everywhere: PlaceBounds = { first: [-1, 0, 0], end: [Infinity, Infinity, Infinity] };

export class Search {
  readonly #task: SearchTask;
  readonly #parts: SearchParts;
  readonly #bounds: PlaceBounds;
  readonly #range: Range;
  /** The range as it is told: with a beginning and an end. */
  readonly #shown: Range;
  readonly #finder: LineFinder;
  readonly #histogram: Histogram | null;
  /** In the order asked for. */
  readonly #pieces: readonly Piece[];
  /** Every line passes: what blocks say of themselves is then the count. */
  readonly #isOfAll: boolean;
  readonly #totalLines: number;
  #waitingLines: number;
  #matched = 0;
  #told = 0;
  #toldText = 0;
  #lastId: string | null = null;
  /** The newest piece that was looked at as a whole. */
  #finished: Piece | null = null;

  /** Throws a `FilterSyntaxError`. */
  constructor(task: SearchTask, bounds: PlaceBounds, parts: SearchParts) {
    this.#task = task;
    this.#parts = parts;
    this.#bounds = bounds;
    const { archive, breath } = parts;
    const filter = parseFilter(task.filter);
    const sight = task.sight && sightOf(task.sight);
    const since = sight === null ? -Infinity : beginningOf(sight);
    this.#range = { from: Math.max(task.from ?? -Infinity, since), to: task.to ?? Infinity };
    this.#shown = shownRange(this.#range, archive);
    this.#isOfAll = filter === everyLine && task.hosts === null && sight === null;
    this.#histogram =
      task.buckets === 0 ? null : new Histogram(this.#shown.from, this.#shown.to, task.buckets);
    this.#finder = new LineFinder({
      ...bounds,
      filter,
      hosts: task.hosts && new Set(task.hosts),
      range: this.#range,
      sight,
      hostName: (host) => task.names[host],
      breathe: () => breath.take(),
    });
    const pieces = archive
      .pieces(conditionOf(task, filter), this.#range)
      .filter((piece) => reaches(piece, bounds));
    this.#pieces = task.order === 'newest' ? pieces.reverse() : pieces;
    this.#waitingLines = pieces.reduce((sum, { lines }) => sum + lines, 0);
    this.#totalLines = Math.max(archive.extent?.lines ?? 0, this.#waitingLines);
  }

  /** Throws a `SearchEnded` where nobody waits for it any more. */
  run(): void {
    const { archive, trouble, tell } = this.#parts;
    const isPart = this.#task.sight !== null;
    tell({
      kind: 'begin',
      serverTime: Date.now(),
      ...this.#shown,
      bucketMs: this.#histogram?.bucketMs ?? null,
      keptSince: isPart && archive.keptSince !== null ? this.#shown.from : archive.keptSince,
      trouble: isPart ? null : trouble,
    });
    tell(this.#lookThrough());
  }

  #lookThrough(): SearchRecordOf<'end'> {
    const { breath, tell } = this.#parts;
    try {
      for (const piece of this.#pieces) {
        breath.take();
        if (!this.#countWhole(piece)) this.#look(piece);
        this.#waitingLines -= piece.lines;
        this.#finished = piece;
        if (this.#isFull && this.#histogram === null && this.#task.limit > 0)
          return this.#endRecord('limit', this.#lastId);
        if (breath.isTimeToTell()) tell({ kind: 'progress', ...this.#progress() });
      }
    } catch (error) {
      if (!(error instanceof SearchEnded && error.reason === 'time')) throw error;
      return this.#endRecord('time', this.#isFull ? this.#lastId : this.#borderId());
    }
    return this.#matched > this.#told && this.#task.limit > 0
      ? this.#endRecord('limit', this.#lastId)
      : this.#endRecord('complete', null);
  }

  /** False: its lines have to be looked at one by one. */
  #countWhole(piece: Piece): boolean {
    if (!this.#isOfAll || !this.#isFull || piece.kind !== 'block') return false;
    const { oldest, newest, counts } = piece.summary;
    const isInside = oldest >= this.#range.from && newest < this.#range.to && isWithin(piece, this.#bounds);
    if (!isInside || (this.#histogram !== null && !this.#histogram.isOneColumn(oldest, newest))) return false;
    for (const [level, count] of counts.entries()) {
      this.#matched += count;
      this.#histogram?.add(oldest, level, count);
    }
    return true;
  }

  #look(piece: Piece): void {
    const found =
      piece.kind === 'tape'
        ? this.#finder.inTape(piece)
        : this.#parts.archive.readBlock(piece, () => this.#finder.inBlock(piece));
    if (found === null) return;
    this.#matched += found.length;
    for (const { time, level } of found) this.#histogram?.add(time, level);
    for (const each of this.#task.order === 'newest' ? found.reverse() : found) {
      if (this.#isFull) break;
      this.#tellLine(each);
    }
  }

  #tellLine({ read }: Found): void {
    const { id, line } = read();
    this.#told++;
    this.#toldText += line.text.length;
    this.#lastId = id;
    this.#parts.tell({ kind: 'line', id, line });
  }

  get #isFull(): boolean {
    return this.#told >= this.#task.limit || this.#toldText > MAX_ANSWER_TEXT;
  }

  #progress(): Omit<SearchRecordOf<'progress'>, 'kind'> {
    const searched = this.#totalLines - this.#waitingLines;
    const counts =
      this.#task.sight === null
        ? { searched, total: this.#totalLines }
        : // How many lines there are that he may not see is not a viewer's to know.
          { searched: Math.floor((100 * searched) / Math.max(1, this.#totalLines)), total: 100 };
    return { ...counts, matched: this.#matched, histogram: this.#histogram?.toJSON() ?? null };
  }

  #endRecord(reason: SearchRecordOf<'end'>['reason'], lastId: string | null): SearchRecordOf<'end'> {
    return { kind: 'end', ...this.#progress(), reason, lastId };
  }

  /** Of the last line of what was looked at. */
  #borderId(): string | null {
    const { archive } = this.#parts;
    return (
      this.#finished && archive.borderId(this.#finished, this.#task.order === 'newest' ? 'first' : 'last')
    );
  }
}

/** Which blocks may hold a line to be told. What a sight changes, the index knows as it is kept: it is asked for the sight's own filter. */
function conditionOf({ sight, hosts }: SearchTask, filter: FilterNode): BlockCondition {
  const own = sight === null ? filter : parseFilter(sight.share.scope.logFilter ?? '');
  const held = hosts ?? sight?.hosts ?? null;
  return allOf([held === null ? everyBlock : ofHosts(held), compileFilter(own)]);
}

function shownRange({ from, to }: Range, { extent, keptSince }: ArchiveReader): Range {
  const now = Date.now();
  const begin = Math.max(extent?.oldest ?? now, (keptSince ?? now) - USUAL_AGE_MS);
  const shownTo = to === Infinity ? Math.max(now, (extent?.newest ?? now) + 1) : to;
  const shownFrom = from === -Infinity ? Math.min(begin, shownTo - 1) : from;
  return { from: shownFrom, to: Math.max(shownTo, shownFrom + 1) };
}

/** Whether some line of the piece is within the bounds. */
function reaches(piece: Piece, { first, end }: PlaceBounds): boolean {
  return isBefore(placeIn(piece, 0), end) && !isBefore(placeIn(piece, piece.lines - 1), first);
}

/** Whether all of them are. */
function isWithin(piece: Piece, { first, end }: PlaceBounds): boolean {
  return !isBefore(placeIn(piece, 0), first) && isBefore(placeIn(piece, piece.lines - 1), end);
}

function placeIn(piece: Piece, at: number): Place {
  return [piece.file, piece.kind === 'tape' ? 0 : piece.summary.id, at];
}
