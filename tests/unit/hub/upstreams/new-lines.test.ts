/** What of a snapshot's lines is new. */
import { expect, test } from 'vitest';
import { newLines } from '../../../../hub/upstreams/new-lines.ts';
import { logLineOf } from '../../../support/observations.ts';

const lines = (...numbers: number[]) => numbers.map((at) => logLineOf('web-1', at));

test.each([
  ['nothing was held', [], [1, 2], [1, 2]],
  ['all was held', [1, 2, 3], [1, 2, 3], []],
  ['the snapshot begins within what was held', [1, 2, 3], [2, 3, 4, 5], [4, 5]],
  ['the snapshot holds more of the past', [3, 4], [1, 2, 3, 4, 5], [5]],
  ['they do not meet', [1, 2], [5, 6], [5, 6]],
  ['a line repeats', [1, 7, 7], [7, 7, 7, 8], [7, 8]],
])('%s', (_, held, shown, expected) => {
  expect(newLines(lines(...held), lines(...shown))).toEqual(lines(...expected));
});
