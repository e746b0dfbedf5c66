/** Hosts in the sections of the overview: those that need attention first, then each group by name. */

import { needsAttention } from '../../store/condition.ts';

export interface Grouped {
  group: string | null;
  rank: number;
}

export interface FleetSection<Entry> {
  /** Stable while the page is open. */
  key: string;
  kind: 'attention' | 'group' | 'rest' | 'all';
  /** Of a group. */
  name: string | null;
  entries: readonly Entry[];
  /** Of a group: all its hosts, those that stand above included. */
  members: readonly Entry[];
}

/** The order within a section is that of `hosts`. Without any group there is one section: `all`. */
export function fleetSections<Entry extends Grouped>(hosts: readonly Entry[]): FleetSection<Entry>[] {
  if (hosts.every(({ group }) => group === null)) return [wholeFleet(hosts)];
  const groups = [...new Set(hosts.flatMap(({ group }) => group ?? []))];
  groups.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const attention = hosts.filter(needsAttention);
  const sections: FleetSection<Entry>[] = [
    { key: 'attention', kind: 'attention', name: null, entries: attention, members: attention },
    ...groups.map((name): FleetSection<Entry> => ({
      key: `group ${name}`,
      kind: 'group',
      name,
      ...of(name),
    })),
    { key: 'rest', kind: 'rest', name: null, ...of(null) },
  ];
  return sections.filter(({ entries }) => entries.length > 0);

  function of(name: string | null): Pick<FleetSection<Entry>, 'entries' | 'members'> {
    const members = hosts.filter(({ group }) => group === name);
    return { members, entries: members.filter((host) => !needsAttention(host)) };
  }
}

export function wholeFleet<Entry>(hosts: readonly Entry[]): FleetSection<Entry> {
  return { key: 'all', kind: 'all', name: null, entries: hosts, members: hosts };
}
