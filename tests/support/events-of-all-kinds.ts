/** One event of every kind, about a host or about none: a new kind of event has to be added here, or the types fail. */
import type { StreamEvent, StreamEventName, StreamEventOf } from '../../shared/events.ts';
import { alertOf } from './alert-of.ts';
import { noteOf } from './note-of.ts';
import {
  filesystemsOf,
  hostOf,
  logLineOf,
  logSourceOf,
  processesOf,
  sampleOf,
  sensorsOf,
  startTime,
} from './observations.ts';

type EventMakers = { [Name in StreamEventName]: ((host: string) => StreamEventOf<Name>['data']) | null };

const columns = (host: string) => ({
  host,
  intervalMs: 1_000,
  times: [startTime, startTime + 1_000],
  series: { 'cpu.busy': [1, 2] },
});

/** Null: made for one stream, and never on the bus. */
const makers: EventMakers = {
  host: (host) => hostOf(host),
  gone: (host) => ({ host }),
  source: (host) => logSourceOf(host),
  sample: (host) => sampleOf(host),
  backfill: columns,
  filesystems: (host) => filesystemsOf(host),
  sensors: (host) => sensorsOf(host),
  processes: (host) => processesOf(host),
  log: (host) => logLineOf(host),
  gap: (host) => ({
    host,
    channel: 'metrics',
    reason: 'offline',
    from: startTime,
    to: startTime + 1_000,
    count: null,
  }),
  alert: (host) => alertOf(host),
  note: (host) => noteOf(0, { hosts: [host] }),
  presence: () => ({ share: 'abcdefghijkl', count: 1, viewers: [] }),
  pointer: (host) => ({
    id: 'pointer01',
    time: startTime,
    host,
    series: null,
    by: 'Ana',
    role: 'owner',
    since: startTime,
    until: startTime + 300_000,
  }),
  audit: () => ({
    id: 1,
    time: startTime,
    kind: 'login',
    actor: { role: 'owner', name: null, address: '127.0.0.1' },
    subject: null,
    details: {},
    count: 1,
  }),
  hello: null,
  recent: null,
  ready: null,
  reset: null,
  ping: null,
  bye: null,
};

/** Every kind that travels over the bus. */
export const busEventNames = (Object.keys(makers) as StreamEventName[]).filter(
  (name) => makers[name] !== null,
);

/** Null for kinds that are not on the bus. */
export function eventOf(name: StreamEventName, host = 'web-1'): StreamEvent | null {
  const data = makers[name]?.(host);
  return data === undefined ? null : ({ name, data } as StreamEvent);
}
