/** A histogram of the archive, drawn as the page draws its own. */
import { describe, expect, it } from 'vitest';
import { archiveVolume, countsByLevel } from '../../../../renderer/screens/logs/archive-volume.ts';

const span = { from: 1_000, to: 3_500, bucketMs: 1_000 };
const counts = { info: [5, 0, 1], none: [1, 0, 0], warn: [0, 2, 0], error: [0, 1, 0], fatal: [0, 0, 4] };

describe('archiveVolume', () => {
  it('has a bin per column: others, warnings, errors and worse', () => {
    const volume = archiveVolume(span, counts);
    expect(volume.bins).toEqual([
      [6, 0, 0],
      [0, 2, 1],
      [1, 0, 4],
    ]);
    expect(volume).toMatchObject({ from: 1_000, to: 4_000, lines: 14, warnings: 2, errors: 5 });
  });

  it('is empty columns before anything is counted', () => {
    expect(archiveVolume(span, null).bins).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('counts by level, lines of unknown level first', () => {
    expect(countsByLevel(counts)).toEqual([1, 0, 0, 6, 2, 1, 4]);
  });
});
