/** Every kind of event through a share that hides all it can: a new kind, or a new text in one, has to pass here. */
import { expect, test } from 'vitest';
import type { Sight } from '../../../../hub/access/sight.ts';
import type { HostRecord } from '../../../../hub/hosts/host-record.ts';
import { HostVeil } from '../../../../hub/shares/host-veil.ts';
import type { KeptShare } from '../../../../shared/schema/kept-shares.ts';
import { OpenShare, type KnownHosts } from '../../../../hub/shares/open-share.ts';
import { streamEvents, type StreamEvent, type StreamEventName } from '../../../../shared/events.ts';
import { shareRequest, type ShareRequest } from '../../../../shared/schema/shares.ts';
import { busEventNames, eventOf } from '../../../support/events-of-all-kinds.ts';
import { noteOf } from '../../../support/note-of.ts';
import { hostOf } from '../../../support/observations.ts';

const hosts = ['web-1', 'db-1'].map((id) => hostOf(id, { group: 'acme', tags: ['acme-eu'] }));

function keptOf(scope: ShareRequest['scope']): KeptShare {
  const wanted = shareRequest.parse({ label: 'x', scope });
  return {
    ...wanted,
    id: 'abcdefghijkl',
    secretHash: '0'.repeat(64),
    salt: '0'.repeat(32),
    createdAt: 0,
    expiresAt: null,
    isPaused: false,
    revokedAt: null,
    maxViewers: null,
    firstSeenAt: null,
    lastSeenAt: null,
  };
}

const registry: KnownHosts = {
  records: hosts.map((host) => ({ host }) as HostRecord),
  recordOf: (id) => hosts.flatMap((host) => (host.id === id ? ({ host } as HostRecord) : []))[0] ?? null,
};

function sightOf(scope: ShareRequest['scope']): Sight {
  return new OpenShare(keptOf(scope), registry).grant.sight;
}

const leak = 'web-1 DB-1.example.net 192.0.2.9 token=hunter2 ana@example.com';
/** Machines say these in a few fixed words, which the page goes by. */
const words = new Set(['platform', 'architecture', 'virtualisation', 'agentVersion', 'type']);

/** The event with the leak in every text that may be any text: where its schema still takes it. */
function laced(event: StreamEvent): StreamEvent {
  const { schema } = streamEvents[event.name];
  const data = structuredClone(event.data) as unknown as Record<string, unknown>;
  const lace = (parent: Record<string, unknown>, key: string): void => {
    const value = parent[key];
    if (typeof value === 'object' && value !== null)
      for (const inner of Object.keys(value)) lace(value as Record<string, unknown>, inner);
    if ((typeof value !== 'string' && value !== null) || words.has(key)) return;
    parent[key] = leak;
    if (!schema.safeParse(data).success) parent[key] = value;
  };
  for (const key of Object.keys(data)) lace(data, key);
  return { name: event.name, data } as unknown as StreamEvent;
}

const noUplink = { lagMs: null, skewMs: null, backfillPercent: null };
const everyKind: [StreamEventName, StreamEvent][] = busEventNames.map((name) => {
  const event = eventOf(name)!;
  if (name === 'host') return [name, { name, data: { ...hosts[0]!, uplink: { ...noUplink, trouble: 'x' } } }];
  if (name === 'note')
    return [
      name,
      {
        name,
        data: noteOf(0, { hosts: ['web-1'], title: 'x', tags: ['x'], link: 'https://web-1.example.net/' }),
      },
    ];
  if (name === 'log')
    return [name, { ...event, data: { ...event.data, fields: { x: 'x', password: 'x' } } } as StreamEvent];
  return [name, event];
});

test.each(everyKind)(
  '%s: whatever its texts hold, nothing of it is left in a share that hides',
  (name, event) => {
    const hiding = {
      hidesNames: true,
      redact: { secrets: true, emails: true, addresses: true },
      since: 0,
    } as const;
    const sight = sightOf(hiding);
    const shown = sight.show!(laced(event));
    if (name === 'audit') return expect(shown).toBeNull();
    const own = name === 'presence' ? { ...event, data: { ...event.data, share: 'abcdefghijkl' } } : null;
    const seen = own === null ? shown! : sight.show!(laced(own as StreamEvent))!;
    const text = JSON.stringify(seen).toLowerCase();
    for (const each of ['web-1', 'db-1', 'acme', '192.0.2', 'hunter2', 'ana@'])
      expect(text).not.toContain(each);
    expect(streamEvents[name].schema.safeParse(seen.data).success).toBe(true);
  },
);

test.each(everyKind.filter(([name]) => name !== 'audit' && name !== 'presence'))(
  '%s: a share that hides nothing shows it as it is',
  (_name, event) => {
    const sight = sightOf({ redact: { secrets: false }, since: 0 });
    expect(sight.show!(event)).toEqual(event);
  },
);

test('a device called after a host is so in the sample, in its series, and where somebody points at it', () => {
  const sight = sightOf({ hidesNames: true });
  const shown = `wg-${(sight.show!({ name: 'host', data: hosts[1]! })!.data as { id: string }).id}`;
  const columns = { host: 'web-1', intervalMs: 1_000, times: [1], series: { 'net.wg-db-1.receive': [1] } };
  expect(sight.show!({ name: 'recent', data: columns })?.data).toMatchObject({
    series: { [`net.${shown}.receive`]: [1] },
  });
  const pointer = eventOf('pointer')! as Extract<StreamEvent, { name: 'pointer' }>;
  const pointed = sight.show!({ ...pointer, data: { ...pointer.data, series: 'net.wg-db-1.receive' } });
  expect(pointed?.data).toMatchObject({ series: `net.${shown}.receive` });
});

test('what is wrong on the way to a host names other machines, and is not told', () => {
  const uplink = { ...noUplink, trouble: 'The hub at https://hub.acme-internal.example refused the token.' };
  const event: StreamEvent = { name: 'host', data: { ...hosts[0]!, uplink } };
  const shown = sightOf({ hidesNames: true }).show!(event)!;
  expect(shown.data).toMatchObject({ uplink: { trouble: expect.stringContaining('on the way') as string } });
  expect(JSON.stringify(shown)).not.toContain('internal');
});

test('made-up ids are the same for the same salt, lead back, and are others for another share', () => {
  const [one, same, other] = ['00', '00', '01'].map((salt) => new HostVeil(salt, () => hosts));
  const shown = hosts.map(({ id }) => one!.shownId(id));
  expect(new Set(shown).size).toBe(2);
  expect(hosts.map(({ id }) => other!.shownId(id))).not.toEqual(shown);
  // Asked about an id that was not shown yet, as after a restart.
  expect(same!.idOf(shown[1]!)).toBe('db-1');
  expect(same!.idOf('host-zzzzzz')).toBeNull();
});

test('names are found whatever their case and their neighbours; short ones only where they stand alone', () => {
  const veil = new HostVeil('00', () => [{ id: 'm-7', name: 'api.example.net' }]);
  const shown = veil.shownId('m-7');
  expect(veil.text('API.Example.net, api m-7 in m-70; rapid /api/x api_1')).toBe(
    `${shown}, ${shown} ${shown} in m-70; rapid /${shown}/x api_1`,
  );
  veil.forgetNames();
  expect(new HostVeil('00', () => []).text('m-7')).toBe('m-7');
});
