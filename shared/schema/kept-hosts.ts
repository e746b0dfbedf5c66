/** What a hub keeps about hosts that are not its own machine: `agents.json` and `host-labels.json` in its data folder. */
import * as z from 'zod/mini';
import { hostId } from './host-id.ts';
import { hostChange } from './host-change.ts';

/** SHA-256 in hex: no token is ever kept. */
const tokenHash = z.string().check(z.regex(/^[0-9a-f]{64}$/));

export const pairedAgent = z.object({
  host: hostId,
  /** What the machine called itself when it paired. */
  name: z.string().check(z.minLength(1), z.maxLength(255)),
  tokenHash,
  /** Epoch milliseconds. */
  pairedAt: z.int(),
  version: z.string().check(z.maxLength(64)),
});
export type PairedAgent = z.infer<typeof pairedAgent>;

export const revokedAgent = z.object({ host: hostId, tokenHash });
export type RevokedAgent = z.infer<typeof revokedAgent>;

/** The entries are looked at one by one: a damaged one does not cost the others. */
export const agentFile = z.object({ agents: z.array(z.unknown()), revoked: z.array(z.unknown()) });

export const labelFile = z.object({ hosts: z.record(hostId, z.object(z.required(hostChange).shape)) });
