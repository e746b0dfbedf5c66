/** A token and a share that are taken back, with 400 streams open: `npm run soak -- revoke` is the one with 5,000. */
import { expect, test } from 'vitest';
import { soakRevoke } from '../support/soak/revoke-soak.ts';

test.each(['token', 'share'] as const)(
  'a %s that is revoked ends all of its streams, each with bye, and nobody else’s',
  async (kind) => {
    const seen = await soakRevoke(kind, 400);
    expect(seen).toMatchObject({ streams: 400, byes: 400, othersEnded: 0 });
  },
  60_000,
);
