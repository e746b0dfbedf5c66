/** Who keeps an id, and who is replaced. */
import { expect, test } from 'vitest';
import { freeHostId, type KnownHosts } from '../../../../hub/agents/free-host-id.ts';
import type { Host, HostStatus } from '../../../../shared/schema/host.ts';
import { HostRegistry } from '../../../../hub/hosts/host-registry.ts';
import { observedHost } from '../../../support/observations.ts';

const started = 1_000_000_000;

interface Wishes {
  origin?: Host['origin'];
  status?: HostStatus;
  /** Null: no agent of this host is paired. */
  pairedAt?: number | null;
  isHeard?: boolean;
  now?: number;
}

/** A hub that knows `web-1`, or (no origin) has only paired it. */
function known({
  origin,
  status = 'offline',
  pairedAt = started + 1,
  isHeard = true,
  now,
}: Wishes): KnownHosts {
  const registry = new HostRegistry(() => undefined);
  if (origin !== undefined) {
    registry.describe(observedHost('web-1'), origin);
    registry.recordOf('web-1')!.host.status = status;
  }
  const agent = { host: 'web-1', name: 'web-1', version: '', tokenHash: '', pairedAt: pairedAt ?? 0 };
  return {
    registry,
    agents: { agentOf: (host) => (host === 'web-1' && pairedAt !== null ? agent : null) },
    isHeard: () => isHeard,
    startedAt: started,
    now: now ?? started + 10 * 60_000,
  };
}

test.for<[string, Wishes, 'web-1' | 'web-1-2']>([
  ['the machine of the hub', { origin: 'local', pairedAt: null }, 'web-1-2'],
  ['a host of another hub, even one that is gone', { origin: 'upstream', pairedAt: null }, 'web-1-2'],
  ['an agent that is live', { origin: 'agent', status: 'live' }, 'web-1-2'],
  ['an agent that is paused', { origin: 'agent', status: 'paused' }, 'web-1-2'],
])('%s keeps its id', ([, wishes, id]) => {
  expect(freeHostId('web-1', known(wishes))).toBe(id);
});

test.for<[string, Wishes]>([
  ['an agent that is offline', { origin: 'agent' }],
  ['an agent that never sent anything', {}],
  ['a host whose agent was revoked', { origin: 'agent', status: 'live', pairedAt: null }],
])('%s is replaced', ([, wishes]) => {
  expect(freeHostId('web-1', known(wishes))).toBe('web-1');
});

test('an agent of an earlier start of the hub has a minute and a half to come back', () => {
  const before = { origin: 'agent', pairedAt: started - 1, isHeard: false } as const;
  expect(freeHostId('web-1', known({ ...before, now: started + 89_000 }))).toBe('web-1-2');
  expect(freeHostId('web-1', known({ ...before, now: started + 91_000 }))).toBe('web-1');
  expect(freeHostId('web-1', known({ ...before, now: started + 5_000, isHeard: true }))).toBe('web-1');
});
