/** A token and a share that are taken back, with 200 streams open: `npm run soak -- revoke` is the one with 5,000. */
import { expect, test } from 'vitest';
import { soakRevoke } from '../support/soak/revoke-soak.ts';

test.each(['token', 'share'] as const)(
  'a %s that is revoked ends all of its streams, each with bye, and nobody else’s',
  async (kind) => {
    const seen = await soakRevoke(kind, 200);
    expect(seen).toMatchObject({ streams: 200, byes: 200, othersEnded: 0 });
  },
  60_000,
);
