/** A history that is killed in mid-write: its database is whole, and what was on the disk is there, once. The long way: `npm run soak -- history`. */
import { expect, test } from 'vitest';
import { soakHistory } from '../support/soak/history-soak.ts';

test('killed at random moments, it has every sample once, and its database passes its check', async () => {
  const { samples, ...seen } = await soakHistory({ kills: 3 });
  expect(samples).toBeGreaterThan(50);
  expect(seen).toEqual({ kills: 3, lost: 0, doubled: 0, damaged: [], troubles: [] });
});
