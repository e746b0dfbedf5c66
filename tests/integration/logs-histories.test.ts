/** A log rotated in every way while its tailer is killed and started again, in an order that a seed decides: each line once. */
import { expect, it } from 'vitest';
import { liveLogHistory } from '../support/soak/log-history.ts';

/** Some that showed a mistake once. `npm run soak -- histories` lives as many as there is time for. */
const seeds = [2, 4, 8, 17, 20, 35, 1045, 1097, 1233, 1288, 3536];

it.each(seeds)('history %i', async (seed) => {
  const { lost, doubled, gaps, events } = await liveLogHistory(seed);
  const seen = { lost: lost.slice(0, 5), doubled: doubled.slice(0, 5), gaps };
  expect(seen, events.join('; ')).toEqual({ lost: [], doubled: [], gaps: 0 });
});
