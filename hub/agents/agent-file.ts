/** `agents.json`: who was paired, by the hash of the token; no token is in it. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { WatchlineError } from '../../shared/errors.ts';
import { hostId } from '../../shared/schema/host.ts';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { setAside } from '../../link/set-aside.ts';

const tokenHash = z.string().regex(/^[0-9a-f]{64}$/);

const pairedAgent = z.object({
  host: hostId,
  /** What the machine called itself when it paired. */
  name: z.string().min(1).max(255),
  tokenHash,
  /** Epoch milliseconds. */
  pairedAt: z.int(),
  version: z.string().max(64),
});
export type PairedAgent = z.infer<typeof pairedAgent>;

const revokedAgent = z.object({ host: hostId, tokenHash });
export type RevokedAgent = z.infer<typeof revokedAgent>;

export interface KeptAgents {
  agents: PairedAgent[];
  /** Oldest first. */
  revoked: RevokedAgent[];
}

const fileShape = z.object({ agents: z.array(z.unknown()), revoked: z.array(z.unknown()) });

/**
 * A missing file holds nobody. Of a damaged one the entries that can be read are kept; it is set aside as `agents.json.damaged`
 * and `report` is told: who is lost has to pair again, nothing worse.
 */
export function readAgentFile(file: string, report: (trouble: Error) => void): KeptAgents {
  let damage: unknown;
  let kept: KeptAgents = { agents: [], revoked: [] };
  try {
    const { agents, revoked } = fileShape.parse(JSON.parse(readFileSync(file, 'utf8')));
    kept = { agents: fitting(agents, pairedAgent), revoked: fitting(revoked, revokedAgent) };
    if (kept.agents.length === agents.length && kept.revoked.length === revoked.length) return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return kept;
    damage = error;
  }
  report(damaged(file, kept.agents.length, damage));
  try {
    writeAgentFile(file, kept);
  } catch (error) {
    report(error as Error);
  }
  return kept;
}

/** Throws what writing the file throws. */
export function writeAgentFile(file: string, kept: KeptAgents): void {
  writeFileAtomically(file, `${JSON.stringify(kept, null, 2)}\n`);
}

function fitting<Entry>(entries: readonly unknown[], schema: z.ZodType<Entry>): Entry[] {
  return entries.flatMap((entry) => schema.safeParse(entry).data ?? []);
}

function damaged(file: string, readable: number, cause: unknown): WatchlineError {
  return new WatchlineError(
    'agents-file-damaged',
    `The list of paired agents ${file} is damaged: ${readable} of its agents could be read. ${setAside(file)}`,
    {
      remedy: 'Put back a copy of it and start the hub again, or pair the agents that are missing anew.',
      cause,
    },
  );
}
