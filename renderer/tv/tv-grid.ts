/** How many tiles fit on a screen that is read from across a room, and in which grid. */

export interface TvGrid {
  columns: number;
  rows: number;
  /** Tiles that have room; the others are counted. */
  shown: number;
}

/** More than this are too small to be read from across a room, however many pixels the screen has. */
const MOST_TILES = 42;
/** Smaller than this, in CSS pixels, there are too few of them for the letters. */
const LEAST_WIDTH = 160;
const LEAST_HEIGHT = 92;
/** A tile of this shape has its name, numbers and course well placed. */
const RATIO = 1.7;

/** The grid whose tiles are largest. `width` and `height` of the room for all of them, in CSS pixels. */
export function tvGrid(count: number, width: number, height: number): TvGrid {
  const mostColumns = Math.max(1, Math.floor(width / LEAST_WIDTH));
  const mostRows = Math.max(1, Math.floor(height / LEAST_HEIGHT));
  const shown = Math.min(count, mostColumns * mostRows, MOST_TILES);
  let best = { columns: 1, rows: 1, size: -1 };
  for (let columns = 1; columns <= mostColumns; columns++) {
    const rows = Math.ceil(shown / columns);
    if (rows > mostRows) continue;
    const size = Math.min(width / columns / RATIO, height / rows);
    if (size > best.size) best = { columns, rows, size };
  }
  return { columns: best.columns, rows: best.rows, shown };
}
