/** The order of the overview: worst first, without jumping about. */
import { expect, it } from 'vitest';
import { WorstFirst } from '../../../../renderer/screens/overview/worst-first.ts';

/** Ids in order; `ranks` as they are judged at `seconds`. */
function orders(...steps: { at: number; ranks: Record<string, number>; isHeld?: boolean }[]): string[] {
  const worstFirst = new WorstFirst<string>((a, b) => a.localeCompare(b));
  return steps.map(({ at, ranks, isHeld }) => {
    const judged = Object.entries(ranks).map(([id, rank]) => ({ id, rank, entry: id }));
    return worstFirst
      .order(judged, at * 1_000, isHeld)
      .map(({ id }) => id)
      .join('');
  });
}

it('puts the worst first, and equals by name', () => {
  expect(orders({ at: 0, ranks: { b: 0, a: 0, d: 4, c: 2 } })).toEqual(['dcab']);
});

it('moves a host up at once, and down only when it has been better for a while', () => {
  const well = { a: 0, b: 0 };
  const ill = { a: 0, b: 2 };
  expect(
    orders(
      { at: 0, ranks: well },
      { at: 1, ranks: ill },
      { at: 2, ranks: well },
      { at: 16, ranks: well },
      { at: 17, ranks: well },
    ),
  ).toEqual(['ab', 'ba', 'ba', 'ba', 'ab']);
});

it('does not follow a value that swings about its limit', () => {
  const swinging = Array.from({ length: 60 }, (_, at) => ({ at, ranks: { a: 0, b: at % 10 === 0 ? 2 : 0 } }));
  expect(new Set(orders(...swinging))).toEqual(new Set(['ba']));
});

it('moves nothing while somebody points at it; who is new comes last', () => {
  expect(
    orders(
      { at: 0, ranks: { a: 0, b: 0 } },
      { at: 1, ranks: { a: 0, b: 4, aa: 4 }, isHeld: true },
      { at: 2, ranks: { a: 0, b: 4, aa: 4 } },
    ),
  ).toEqual(['ab', 'abaa', 'aaba']);
});

it('says by which rank each stands, and forgets who is gone', () => {
  const worstFirst = new WorstFirst<string>((a, b) => a.localeCompare(b));
  const rankAt = (rank: number, at: number) => worstFirst.order([{ id: 'a', rank, entry: 'a' }], at)[0]!.rank;
  expect([rankAt(4, 0), rankAt(0, 1_000)]).toEqual([4, 4]);
  worstFirst.order([], 2_000);
  expect(rankAt(0, 3_000)).toBe(0);
});
