/** What a hub keeps about operator tokens: `tokens.json` in its data folder. */
import * as z from 'zod/mini';
import { tokenEntry } from './access.ts';

export const keptToken = z.extend(z.omit(tokenEntry, { lastSeenAt: true, lastAddress: true }), {
  /** SHA-256 in hex: no token is ever kept. */
  tokenHash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});
export type KeptToken = z.infer<typeof keptToken>;

/** The entries are looked at one by one: a damaged one does not cost the others. */
export const tokenFile = z.object({ tokens: z.array(z.unknown()) });
