/** The grid of a wall: everything that can be read has room, in the largest tiles there are. */
import { expect, test } from 'vitest';
import { tvGrid } from '../../../../renderer/tv/tv-grid.ts';

test.each([
  [1, { columns: 1, rows: 1, shown: 1 }],
  [2, { columns: 2, rows: 1, shown: 2 }],
  [5, { columns: 3, rows: 2, shown: 5 }],
  [12, { columns: 4, rows: 3, shown: 12 }],
  [200, { columns: 7, rows: 6, shown: 42 }],
])('%i hosts at 1856x950', (count, grid) => {
  expect(tvGrid(count, 1856, 950)).toEqual(grid);
});

test('every tile has a place, and none is smaller than can be read', () => {
  for (let count = 1; count <= 120; count++) {
    for (const [width, height] of [
      [1856, 950],
      [1200, 620],
      [390, 780],
      [100, 50],
    ] as const) {
      const { columns, rows, shown } = tvGrid(count, width, height);
      expect(columns * rows).toBeGreaterThanOrEqual(shown);
      expect(columns * (rows - 1)).toBeLessThan(shown);
      if (width > 160) expect(width / columns).toBeGreaterThanOrEqual(160);
      if (height > 92) expect(height / rows).toBeGreaterThanOrEqual(92);
    }
  }
});
