/** Every event of the stream with the schema of its data. The types of the whole program are inferred from here. */
import type * as z from 'zod/mini';
import { eventRules, type EventRule } from './event-rules.ts';
import { alert } from './schema/alerts.ts';
import { auditEntry } from './schema/audit.ts';
import { gone, host } from './schema/host.ts';
import { logLine, logSource } from './schema/logs.ts';
import { note } from './schema/notes.ts';
import { processes } from './schema/processes.ts';
import { sample } from './schema/sample.ts';
import { pointer, presence } from './schema/shares.ts';
import { filesystems, sensors } from './schema/slow-tiers.ts';
import { backfill, bye, gap, hello, ping, ready, recent, reset } from './schema/stream.ts';

export const streamEvents = {
  host: { ...eventRules.host, schema: host },
  gone: { ...eventRules.gone, schema: gone },
  source: { ...eventRules.source, schema: logSource },
  sample: { ...eventRules.sample, schema: sample },
  backfill: { ...eventRules.backfill, schema: backfill },
  filesystems: { ...eventRules.filesystems, schema: filesystems },
  sensors: { ...eventRules.sensors, schema: sensors },
  processes: { ...eventRules.processes, schema: processes },
  log: { ...eventRules.log, schema: logLine },
  gap: { ...eventRules.gap, schema: gap },
  alert: { ...eventRules.alert, schema: alert },
  note: { ...eventRules.note, schema: note },
  presence: { ...eventRules.presence, schema: presence },
  pointer: { ...eventRules.pointer, schema: pointer },
  audit: { ...eventRules.audit, schema: auditEntry },
  hello: { ...eventRules.hello, schema: hello },
  recent: { ...eventRules.recent, schema: recent },
  ready: { ...eventRules.ready, schema: ready },
  reset: { ...eventRules.reset, schema: reset },
  ping: { ...eventRules.ping, schema: ping },
  bye: { ...eventRules.bye, schema: bye },
} as const satisfies Record<keyof typeof eventRules, EventRule & { schema: z.ZodMiniType }>;

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
