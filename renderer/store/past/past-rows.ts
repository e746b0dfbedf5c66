/** Pieces of several tiles as one window: a row for each bucket that holds anything, a column per series. */
import type { PastTile } from './past-tile.ts';

/** The part of a tile that is shown; in order of time, not overlapping. */
export interface PastPiece {
  tile: PastTile;
  /** Epoch milliseconds, `to` excluded. */
  from: number;
  to: number;
}

export interface PastRows {
  /** The middle of each bucket, in epoch milliseconds, ascending. */
  times: Float64Array;
  /** Mean, smallest and largest value of each bucket, one column per key; NaN where there is none. */
  columns: Float64Array[];
  lows: Float64Array[];
  highs: Float64Array[];
  /** The longest bucket in it; 0 without any. */
  stepMs: number;
}

/** Buckets count up to `end`, in epoch milliseconds: one that reaches past it stands for its part before. Each tile has all keys. */
export function rowsOf(pieces: readonly PastPiece[], keys: readonly string[], end: number): PastRows {
  const capacity = pieces.reduce(
    (sum, piece) => sum + Math.ceil((piece.to - piece.from) / stepOf(piece.tile, keys)) + 1,
    0,
  );
  const times = new Float64Array(capacity);
  const [columns, lows, highs] = [matrix(keys, capacity), matrix(keys, capacity), matrix(keys, capacity)];
  let row = 0;
  let longest = 0;
  for (const [index, { tile, from, to }] of pieces.entries()) {
    const sources = keys.map((key) => tile.columns.get(key)!);
    const step = stepOf(tile, keys);
    const told = Math.min(end, ...sources.map(({ until }) => until));
    // A bucket belongs to the piece that it begins in; what begins before the first is carried in.
    const first = (index === 0 ? Math.floor(from / step) : Math.ceil(from / step)) * step;
    for (let start = first; start < to && start < told; start += step) {
      let isKnown = false;
      for (const [column, source] of sources.entries()) {
        const at = Math.floor((start - source.start) / source.stepMs);
        const mean = source.mean[at] ?? NaN;
        columns[column]![row] = mean;
        lows[column]![row] = source.min?.[at] ?? mean;
        highs[column]![row] = source.max?.[at] ?? mean;
        isKnown ||= !Number.isNaN(mean);
      }
      // An empty bucket is no row: where there is nothing, a line must break.
      if (!isKnown) continue;
      times[row++] = (start + Math.min(start + step, told)) / 2;
      longest = Math.max(longest, step);
    }
  }
  const cut = (column: Float64Array): Float64Array => column.subarray(0, row);
  return {
    times: cut(times),
    columns: columns.map(cut),
    lows: lows.map(cut),
    highs: highs.map(cut),
    stepMs: longest,
  };
}

function stepOf(tile: PastTile, keys: readonly string[]): number {
  return Math.max(...keys.map((key) => tile.columns.get(key)!.stepMs));
}

function matrix(keys: readonly string[], rows: number): Float64Array[] {
  return keys.map(() => new Float64Array(rows));
}
