/** A hub that gets SIGTERM, for 400 streams: `npm run soak -- drain` is the one with 5,000. */
import { expect, test } from 'vitest';
import { soakDrain } from '../support/soak/drain-soak.ts';

test('a hub that is told to end drains its streams: each hears bye, lacks no line before it, and comes back at a time of its own', async () => {
  const seen = await soakDrain({ streams: 400, linesPerSecond: 500 });
  expect(seen).toMatchObject({ streams: 400, byes: 400, unclean: 0 });
  expect(seen.returns.mostIn100Ms).toBeLessThan(200);
}, 60_000);
