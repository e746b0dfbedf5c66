/** The hosts of the rail, in an order that never changes by itself: groups by name, those without one last. */
import type { HostState } from '../store/host-state.ts';
import { byName } from '../store/match-host.ts';

export interface RailGroup {
  /** Null: of those without a group. */
  name: string | null;
  hosts: HostState[];
}

export function railGroups(hosts: readonly HostState[]): RailGroup[] {
  const sorted = [...hosts].sort((a, b) => byName(a.host.value, b.host.value));
  const groups = new Map<string | null, HostState[]>();
  for (const state of sorted) {
    const { group } = state.host.value;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [state]);
    else members.push(state);
  }
  return [...groups]
    .map(([name, members]): RailGroup => ({ name, hosts: members }))
    .sort((a, b) => {
      if (a.name === null || b.name === null) return Number(a.name === null) - Number(b.name === null);
      return a.name.localeCompare(b.name, 'en', { numeric: true });
    });
}
