/** A token that is taken back, with 400 streams open: `npm run soak -- revoke` is the one with 5,000. */
import { expect, test } from 'vitest';
import { soakRevoke } from '../support/soak/revoke-soak.ts';

test('a token that is revoked ends all of its streams, each with bye, and nobody else’s', async () => {
  const seen = await soakRevoke(400);
  expect(seen).toMatchObject({ streams: 400, byes: 400, othersEnded: 0 });
}, 60_000);
