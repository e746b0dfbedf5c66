/** What an agent keeps of its pairing: which hub, how to know it, and its own token. One file of the data folder, 0600. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { setAside } from '../../link/set-aside.ts';
import type { Trust } from '../../link/tls/trust.ts';
import { WatchlineError } from '../../shared/errors.ts';
import { hostId } from '../../shared/schema/host-id.ts';

const FILE = 'agent.json';

const trust = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('system') }),
  z.object({ kind: z.literal('authority'), certificates: z.string() }),
  z.object({ kind: z.literal('pin'), pin: z.string() }),
]) satisfies z.ZodMiniType<Trust>;

const pairing = z.object({
  /** Its origin. */
  hub: z.url(),
  trust,
  /** What the hub calls this machine. */
  host: hostId,
  token: z.string().check(z.minLength(1)),
  /** The code it was paired with, worth nothing any more: who runs the same line again means this pairing. */
  code: z._default(z.nullable(z.string()), null),
  /** Epoch milliseconds. */
  pairedAt: z.int(),
});
export type Pairing = z.infer<typeof pairing>;

/**
 * Null: this agent was never paired. Throws an `agent-state-unusable` error for a file that cannot be read, which is left as it is, and for a
 * damaged one, which is set aside first.
 */
export function readPairing(dataDir: string): Pairing | null {
  const file = join(dataDir, FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw unusable(`The agent's state file ${file} cannot be read (${code}).`, LET_READ, error);
  }
  const parsed = pairing.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw unusable(
    `The agent's state file ${file} is damaged, so its token is lost. ${setAside(file)}`,
    'Put back a copy of it, or pair again: make a line under "Add a server" on the dashboard, and run it here.',
  );
}

/** Throws an `agent-state-unusable` error. */
export function writePairing(dataDir: string, pairing: Pairing): void {
  const file = join(dataDir, FILE);
  try {
    writeFileAtomically(file, `${JSON.stringify(pairing, null, 2)}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unusable(`The agent's state file ${file} cannot be written (${code}).`, LET_WRITE, error);
  }
}

const LET_READ = 'Run the agent as the user who paired it, or name another data folder with --data.';
const LET_WRITE = 'Make room there, or name another data folder with --data.';

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function unusable(message: string, remedy: string, cause?: unknown): WatchlineError {
  return new WatchlineError('agent-state-unusable', message, { remedy, cause });
}
