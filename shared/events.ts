/**
 * Every event of the stream in one table: its name, its channel, how it is delivered to a reader that
 * falls behind, and the schema of its data. The types of the whole program are inferred from here.
 */
import type * as z from 'zod/mini';
import { auditEntry } from './schema/audit.ts';
import { gone, host } from './schema/host.ts';
import { logLine, logSource } from './schema/logs.ts';
import { note } from './schema/notes.ts';
import { processes } from './schema/processes.ts';
import { sample } from './schema/sample.ts';
import { pointer, presence } from './schema/shares.ts';
import { filesystems, sensors } from './schema/slow-tiers.ts';
import { backfill, bye, gap, hello, ping, ready, recent, reset, type Channel } from './schema/stream.ts';

/**
 * What happens to an event when its reader is slow:
 * - `conflate`: only the newest per host is kept;
 * - `count`: it is left out and counted in a `gap`;
 * - `must`: it arrives, or the stream is cut and the reader resumes by cursor.
 */
export type Delivery = 'conflate' | 'count' | 'must';

export interface EventRule {
  /** Null: sent to one stream only, whatever its channels. */
  channel: Channel | null;
  delivery: Delivery;
  /** `owner`: for nobody else. `readers`: for who may see the hosts it is about; what is about none is for all. */
  audience: 'readers' | 'owner';
  schema: z.ZodMiniType;
}

export const streamEvents = {
  // Of hosts: these travel over the bus and carry a cursor of their own.
  host: { channel: 'state', delivery: 'must', audience: 'readers', schema: host },
  gone: { channel: 'state', delivery: 'must', audience: 'readers', schema: gone },
  source: { channel: 'state', delivery: 'must', audience: 'readers', schema: logSource },
  sample: { channel: 'metrics', delivery: 'conflate', audience: 'readers', schema: sample },
  backfill: { channel: 'metrics', delivery: 'count', audience: 'readers', schema: backfill },
  filesystems: { channel: 'metrics', delivery: 'conflate', audience: 'readers', schema: filesystems },
  sensors: { channel: 'metrics', delivery: 'conflate', audience: 'readers', schema: sensors },
  processes: { channel: 'processes', delivery: 'conflate', audience: 'readers', schema: processes },
  log: { channel: 'logs', delivery: 'count', audience: 'readers', schema: logLine },
  gap: { channel: 'state', delivery: 'must', audience: 'readers', schema: gap },
  note: { channel: 'state', delivery: 'must', audience: 'readers', schema: note },
  // Of people: who watches, where they point, and what was done.
  presence: { channel: 'state', delivery: 'must', audience: 'readers', schema: presence },
  pointer: { channel: 'state', delivery: 'must', audience: 'readers', schema: pointer },
  audit: { channel: 'state', delivery: 'must', audience: 'owner', schema: auditEntry },
  // Of the stream itself: made for one subscriber.
  hello: { channel: null, delivery: 'must', audience: 'readers', schema: hello },
  recent: { channel: null, delivery: 'must', audience: 'readers', schema: recent },
  ready: { channel: null, delivery: 'must', audience: 'readers', schema: ready },
  reset: { channel: null, delivery: 'must', audience: 'readers', schema: reset },
  ping: { channel: null, delivery: 'must', audience: 'readers', schema: ping },
  bye: { channel: null, delivery: 'must', audience: 'readers', schema: bye },
} as const satisfies Record<string, EventRule>;

export type StreamEventName = keyof typeof streamEvents;
export type StreamEventOf<Name extends StreamEventName> = {
  name: Name;
  data: z.infer<(typeof streamEvents)[Name]['schema']>;
};
/** A union over every event: `switch (event.name)` narrows `event.data`. */
export type StreamEvent = { [Name in StreamEventName]: StreamEventOf<Name> }[StreamEventName];

/** What a host's agent tells its hub; the hub adds `host` and `gone` events from what it learns about it. */
export const observationNames = [
  'source',
  'sample',
  'filesystems',
  'sensors',
  'processes',
  'log',
  'gap',
] as const;
export type Observation = Extract<StreamEvent, { name: (typeof observationNames)[number] }>;
