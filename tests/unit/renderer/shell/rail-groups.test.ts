/** The order of the rail: by name, groups first, and never by itself another. */
import { expect, it } from 'vitest';
import { railGroups } from '../../../../renderer/shell/rail-groups.ts';
import { createHostState } from '../../../../renderer/store/host-state.ts';
import { publishNow } from '../../../../renderer/store/publisher.ts';
import { hostOf } from '../../../support/observations.ts';

it('orders groups and hosts as a person counts, those without a group last', () => {
  const states = [
    ['web-10', 'web'],
    ['web-9', 'web'],
    ['old', null],
    ['db', 'rack 10'],
    ['db-2', 'rack 9'],
  ].map(([id, group]) => createHostState(hostOf(id!, { name: id!, group: group! }), publishNow));
  expect(railGroups(states).map(({ name, hosts }) => [name, hosts.map(({ id }) => id).join()])).toEqual([
    ['rack 9', 'db-2'],
    ['rack 10', 'db'],
    ['web', 'web-9,web-10'],
    [null, 'old'],
  ]);
});
