/** Which id a machine gets that pairs: its own, unless another host has it here. */
import type { HostRegistry } from '../hosts/host-registry.ts';
import type { Agents } from './agents.ts';

/** Longest id there may be; see `hostId`. */
const MAX_ID_LENGTH = 64;

/**
 * The hub's own machine, a host of another hub and a host that is alive keep their ids: a clone of one becomes `ID-2`, `ID-3` ...
 * An agent that is silent is replaced instead: most likely it is the same machine, paired anew.
 */
export function freeHostId(
  wanted: string,
  registry: Pick<HostRegistry, 'recordOf'>,
  agents: Pick<Agents, 'has'>,
): string {
  let id = wanted;
  for (let number = 2; isTaken(id, registry, agents); number++) {
    const suffix = `-${number}`;
    id = wanted.slice(0, MAX_ID_LENGTH - suffix.length) + suffix;
  }
  return id;
}

function isTaken(id: string, registry: Pick<HostRegistry, 'recordOf'>, agents: Pick<Agents, 'has'>): boolean {
  const record = registry.recordOf(id);
  if (record === null) return false;
  const { origin, status } = record.host;
  if (origin !== 'agent') return true;
  // A paused agent sends no samples: nobody can tell whether it is alive, so it is not replaced.
  return agents.has(id) && ['live', 'stale', 'backfilling', 'paused'].includes(status);
}
