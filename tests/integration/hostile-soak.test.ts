/** The stream soak for a few seconds: `npm run soak -- stream --minutes N` is the long one. */
import { expect, test } from 'vitest';
import { soakStream } from '../support/soak/stream-soak.ts';

test('readers that stay, leave, come back and stall get every line once or its count', async () => {
  const seen = await soakStream({ seconds: 12, readersOfAKind: 3 });
  expect(seen.lines).toBeGreaterThan(1_000);
  expect(seen.reconnects).toBeGreaterThan(3);
  expect(seen.stalls).toBeGreaterThan(3);
  expect(seen.cuts).toBeGreaterThan(0);
  expect({ lost: seen.lost, doubled: seen.doubled, resets: seen.resets }).toEqual({
    lost: 0,
    doubled: 0,
    resets: 0,
  });
}, 120_000);
