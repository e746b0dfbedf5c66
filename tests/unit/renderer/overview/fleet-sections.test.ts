/** The sections of many hosts. */
import { expect, it } from 'vitest';
import { fleetSections } from '../../../../renderer/screens/overview/fleet-sections.ts';

const host = (id: string, group: string | null, rank = 0) => ({ id, group, rank });

it('makes one section of hosts without groups', () => {
  const hosts = [host('b', null, 4), host('a', null)];
  expect(fleetSections(hosts).map(({ kind, entries }) => [kind, entries])).toEqual([['all', hosts]]);
});

it('puts what needs attention above the groups, whose tallies still count it; those without a group come last', () => {
  const sections = fleetSections([
    host('w1', 'web', 4),
    host('x1', null, 2),
    host('w2', 'web'),
    host('asleep', 'db', 1),
    host('x2', null),
  ]);
  expect(
    sections.map(({ kind, name, entries, members }) => [
      kind,
      name,
      entries.map(({ id }) => id).join(),
      members.map(({ id }) => id).join(),
    ]),
  ).toEqual([
    ['attention', null, 'w1,x1', 'w1,x1'],
    ['group', 'db', 'asleep', 'asleep'],
    ['group', 'web', 'w2', 'w1,w2'],
    ['rest', null, 'x2', 'x1,x2'],
  ]);
});

it('shows no section that would be empty', () => {
  expect(fleetSections([host('w1', 'web', 4)]).map(({ kind }) => kind)).toEqual(['attention']);
});
