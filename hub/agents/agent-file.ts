/** `agents.json`: who was paired, by the hash of the token; no token is in it. */
import { readFileSync } from 'node:fs';
import { WatchlineError } from '../../shared/errors.ts';
import {
  agentFile,
  pairedAgent,
  revokedAgent,
  type PairedAgent,
  type RevokedAgent,
} from '../../shared/schema/kept-hosts.ts';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { setAside } from '../../link/set-aside.ts';

export interface KeptAgents {
  agents: PairedAgent[];
  /** Oldest first. */
  revoked: RevokedAgent[];
}

/**
 * A missing file holds nobody. Of a damaged one the entries that can be read are kept; it is set aside as `agents.json.damaged`
 * and `report` is told: who is lost has to pair again, nothing worse.
 */
export function readAgentFile(file: string, report: (trouble: Error) => void): KeptAgents {
  let damage: unknown;
  let kept: KeptAgents = { agents: [], revoked: [] };
  try {
    const { agents, revoked } = agentFile.parse(JSON.parse(readFileSync(file, 'utf8')));
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

function fitting<Entry>(
  entries: readonly unknown[],
  schema: { safeParse(entry: unknown): { data?: Entry | undefined } },
): Entry[] {
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
