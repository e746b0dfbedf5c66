/** Which stretches of time came late. */
import { expect, it } from 'vitest';
import type { LateSpan } from '../../../../renderer/store/host-state.ts';
import { withLateSpan } from '../../../../renderer/store/late-spans.ts';

/** Seconds of the ends of each span. */
function after(...pieces: number[][]): LateSpan[] {
  return pieces.reduce<readonly LateSpan[]>(
    (spans, piece) =>
      withLateSpan(
        spans,
        piece.map((second) => second * 1_000),
        1_000,
      ),
    [],
  ) as LateSpan[];
}
const ends = (spans: readonly LateSpan[]) => spans.map(({ from, to }) => [from / 1_000, to / 1_000]);

it('joins pieces that follow each other, and keeps apart those that do not', () => {
  expect(ends(after([1, 2, 3], [4, 5], [20, 21]))).toEqual([
    [1, 5],
    [20, 21],
  ]);
});

it('closes the hole between two spans, whichever comes first', () => {
  expect(ends(after([20, 21], [1, 2], [3, 18]))).toEqual([[1, 21]]);
});

it('says which piece came last', () => {
  expect(after([1, 2], [3, 4])[0]!.newest).toEqual({ from: 3_000, to: 4_000, number: 2 });
});

it('changes nothing for a piece without samples, and is bounded', () => {
  expect(after([1], [])).toEqual(after([1]));
  expect(after(...Array.from({ length: 200 }, (_, index) => [index * 10]))).toHaveLength(50);
});
