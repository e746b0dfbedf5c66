/** What a hub keeps about share links: `shares.json` in its data folder. */
import * as z from 'zod/mini';
import { share } from './shares.ts';

export const keptShare = z.extend(z.omit(share, { state: true, viewers: true }), {
  /** SHA-256 in hex: no secret is ever kept. */
  secretHash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  /** What made-up names of hosts are made with: who has the link must not be able to try real ones. */
  salt: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
});
export type KeptShare = z.infer<typeof keptShare>;

/** The entries are looked at one by one: a damaged one does not cost the others. */
export const shareFile = z.object({ shares: z.array(z.unknown()) });
