/** Finding a host among many. */
import { expect, it } from 'vitest';
import { matchesHost } from '../../../../renderer/store/match-host.ts';
import { hostOf } from '../../../support/observations.ts';

const host = hostOf('web-1', { name: 'Front door', group: 'Edge', tags: ['eu', 'blue'] });

it.each(['', '  ', 'front', 'WEB', 'edge blue', 'debian 192.0.2.1', 'door eu', 'offline'])(
  'finds it by "%s"',
  (query) => {
    expect(matchesHost(host, query, 'Offline')).toBe(true);
  },
);

it.each(['fronty', 'edge green', 'live'])('does not find it by "%s"', (query) => {
  expect(matchesHost(host, query, 'Offline')).toBe(false);
});
