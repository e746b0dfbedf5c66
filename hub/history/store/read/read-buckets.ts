/** Answers a question about a host's series: blocks of the tiers, and what is not in blocks yet, put together into buckets. */
import { Buckets } from '../codec/buckets.ts';
import { joinRows, rowsBetween, rowsWithout, type Rows } from '../codec/rows.ts';
import { HostBlocks } from '../file/host-blocks.ts';
import type { HistoryFile } from '../file/history-file.ts';
import { spanAt, stretchOf, type Stretch } from '../file/spans.ts';
import type { BucketQuery, HostBuckets, SeriesBuckets } from '../history-reader.ts';
import type { Tier } from '../ladder.ts';
import { openRows } from './open-rows.ts';
import type { HeldTape } from './tape-shelf.ts';
import { planOf, tierFor, type Piece } from './plan.ts';

export interface ReadParts {
  ladder: readonly Tier[];
  tapes: readonly HeldTape[];
  /** Null: nothing was ever brought into it. */
  file: HistoryFile | null;
}

export function readBuckets(parts: ReadParts, query: BucketQuery): HostBuckets {
  const { stepMs, host } = query;
  const start = Math.floor(query.from / stepMs) * stepMs;
  const length = Math.max(0, Math.ceil((query.to - start) / stepMs));
  const stretch = { from: start, to: start + length * stepMs };
  const sheets = new Sheets(start, stepMs, length, query.series);
  let open = openRows(parts.tapes, parts.file, parts.ladder[0]!, host, stretch);
  let unread = 0;
  if (parts.file !== null) {
    const { file, ladder } = parts;
    const blocks = new HostBlocks(host, { file, ladder, onDamaged: () => unread++ });
    const marks = ladder.map((_, tier) => file.marksOf(tier)!);
    const keys = query.series ?? blocks.keys;
    for (const piece of planOf(ladder, marks, tierFor(ladder, stepMs), stretch)) {
      if (piece.tier > 0) {
        addPiece(sheets, blocks, piece, keys);
        open = rowsWithout(open, momentsTwice(blocks, ladder[0]!, open, piece));
      } else open = addRowsOf(sheets, blocks.rows(piece.span, keys), open, stretchOf(ladder[0]!, piece.span));
    }
  }
  sheets.addRows(open);
  return {
    host,
    start,
    stepMs,
    length,
    series: sheets.columns(),
    trouble: unread === 0 ? null : `${unread} blocks of this window are damaged and were left out.`,
  };
}

function addPiece(
  sheets: Sheets,
  blocks: HostBlocks,
  { tier, span, from, to }: Piece,
  keys: readonly string[],
): void {
  const moments = blocks.moments(tier, span);
  if (moments === null) return;
  for (const key of keys) {
    const buckets = blocks.buckets(tier, span, key, moments);
    if (buckets !== null) sheets.of(key)?.addBuckets(buckets, from, to);
  }
}

/** Moments of `open` that are in the piece already: they came twice, and nothing has been sealed since. */
function momentsTwice(blocks: HostBlocks, finest: Tier, open: Rows, { from, to }: Stretch): Set<number> {
  const { times } = rowsBetween(open, from, to);
  const spans = new Set(Array.from(times, (time) => spanAt(finest, time)));
  return new Set([...spans].flatMap((span) => [...blocks.rows(span, []).times]));
}

/** What of `open` falls into the same span is put together with it, since a moment may be in both. Answers the rest. */
function addRowsOf(sheets: Sheets, rows: Rows, open: Rows, { from, to }: Stretch): Rows {
  const late = rowsBetween(open, from, to);
  sheets.addRows(joinRows([rows, late]));
  if (late.times.length === 0) return open;
  return joinRows([rowsBetween(open, -Infinity, from), rowsBetween(open, to, Infinity)]);
}

/** One sheet of buckets per series. */
class Sheets {
  readonly #start: number;
  readonly #stepMs: number;
  readonly #length: number;
  readonly #wanted: ReadonlySet<string> | null;
  readonly #sheets = new Map<string, Buckets>();

  constructor(start: number, stepMs: number, length: number, wanted: readonly string[] | null) {
    this.#start = start;
    this.#stepMs = stepMs;
    this.#length = length;
    this.#wanted = wanted && new Set(wanted);
  }

  /** Null: it is not wanted. */
  of(key: string): Buckets | null {
    const sheet = this.#sheets.get(key);
    if (sheet !== undefined) return sheet;
    if (this.#wanted?.has(key) === false) return null;
    const fresh = new Buckets(this.#start, this.#stepMs, this.#length);
    this.#sheets.set(key, fresh);
    return fresh;
  }

  addRows({ times, columns }: Rows): void {
    for (const [key, column] of columns) this.of(key)?.addColumn(times, column);
  }

  columns(): SeriesBuckets[] {
    const keys = this.#wanted ?? this.#sheets.keys();
    return [...keys].flatMap((key) => {
      const sheet = this.#sheets.get(key);
      return sheet === undefined || sheet.isEmpty ? [] : columnsOf(key, sheet);
    });
  }
}

function columnsOf(key: string, { count, min, max, sum, last }: Buckets): SeriesBuckets {
  const mean = new Float64Array(count.length);
  for (let at = 0; at < count.length; at++) {
    if (count[at] === 0) min[at] = max[at] = mean[at] = NaN;
    else mean[at] = sum[at]! / count[at]!;
  }
  return { key, min, mean, max, count, last };
}
