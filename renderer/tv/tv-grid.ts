/** How many tiles fit on a screen that is read from across a room, and in which grid. */

export interface TvGrid {
  columns: number;
  rows: number;
  /** Tiles that have room; the others are counted. */
  shown: number;
}

/** Smaller than this, in CSS pixels, a tile cannot be read from across a room. */
const LEAST_WIDTH = 216;
const LEAST_HEIGHT = 128;
/** A tile of this shape has its name, numbers and course well placed. */
const RATIO = 1.7;

/** The grid whose tiles are largest. `width` and `height` of the room for all of them, in CSS pixels. */
export function tvGrid(count: number, width: number, height: number): TvGrid {
  const mostColumns = Math.max(1, Math.floor(width / LEAST_WIDTH));
  const mostRows = Math.max(1, Math.floor(height / LEAST_HEIGHT));
  const shown = Math.min(count, mostColumns * mostRows);
  let best = { columns: mostColumns, rows: mostRows, size: -1 };
  for (let columns = 1; columns <= mostColumns; columns++) {
    const rows = Math.ceil(shown / columns);
    if (rows > mostRows) continue;
    const size = Math.min(width / columns / RATIO, height / rows);
    if (size > best.size) best = { columns, rows, size };
  }
  return { columns: best.columns, rows: best.rows, shown };
}
