/** Which id a machine gets that pairs: its own, unless another host has it here. */
import type { HostRegistry } from '../hosts/host-registry.ts';
import { numberedId } from '../hosts/numbered-id.ts';
import type { PairedAgent } from '../../shared/schema/kept-hosts.ts';

/** Agents that lost their hub try again at least once a minute: until then a silent one may be alive. */
const COMING_BACK_MS = 90_000;

export interface KnownHosts {
  registry: Pick<HostRegistry, 'recordOf'>;
  agents: { agentOf(host: string): PairedAgent | null };
  /** Whether a batch of the host's agent has come since the hub started. */
  isHeard: (host: string) => boolean;
  /** When the hub started, and now, in epoch milliseconds. */
  startedAt: number;
  now: number;
}

/**
 * The hub's own machine, a host of another hub and a host that is alive keep their ids: a clone of one becomes `ID-2`, `ID-3` ...
 * An agent that is silent is replaced instead: most likely it is the same machine, paired anew.
 */
export function freeHostId(wanted: string, known: KnownHosts): string {
  return numberedId(wanted, (id) => isTaken(id, known));
}

/** "web (2)" for `web-1-2` that asked to be `web-1`: two hosts of one name could not be told apart. Null: it got its own id. */
export function nameBeside(name: string, wanted: string, id: string): string | null {
  return id === wanted ? null : `${name.slice(0, 240)} (${/\d+$/.exec(id)![0]})`;
}

function isTaken(id: string, known: KnownHosts): boolean {
  const host = known.registry.recordOf(id)?.host ?? null;
  if (host !== null && host.origin !== 'agent') return true;
  const agent = known.agents.agentOf(id);
  if (agent === null) return false;
  if (mayComeBack(agent, known)) return true;
  // A paused agent sends no samples: nobody can tell whether it is alive, so it is not replaced.
  return host !== null && ['live', 'stale', 'backfilling', 'paused'].includes(host.status);
}

/** It was paired with an earlier start of this hub, which it has not found again yet. */
function mayComeBack(agent: PairedAgent, { isHeard, startedAt, now }: KnownHosts): boolean {
  return agent.pairedAt < startedAt && now - startedAt < COMING_BACK_MS && !isHeard(agent.host);
}
