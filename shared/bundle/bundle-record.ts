/**
 * An incident bundle: what a hub knew of some hosts over a window of time, as one file that opens without the hub. It is text, one
 * JSON record a line (NDJSON), compressed with gzip, so that `zcat incident.watchline | jq` reads it. Answers of the hub are in it as
 * the hub gave them; gzip's own checksum and the count in the last record tell damage. docs/protocol.md describes it.
 */
import * as z from 'zod/mini';
import { streamEvents, type StreamEventOf } from '../events.ts';
import { hostId } from '../schema/host-id.ts';
import { historyChanges, historyRecord, pastProcesses } from '../schema/history.ts';
import { lineId } from '../schema/log-search.ts';
import { logLine } from '../schema/logs.ts';

/** Grows when a reader written for the number before would misread a bundle. */
export const BUNDLE_FORMAT = 1;
export const BUNDLE_EXTENSION = '.watchline';
export const BUNDLE_CONTENT_TYPE = 'application/gzip';
/** Where `watchline open` serves its file, to the page it opens and nobody else. */
export const BUNDLE_FILE_PATH = '/api/v1/bundle';

/** A file that is larger, or becomes larger unpacked, is not opened. */
export const MAX_BUNDLE_BYTES = 64 * 1024 * 1024;
export const MAX_BUNDLE_TEXT = 256 * 1024 * 1024;
/** UTF-16 units of one record: ten thousand buckets of five numbers are a quarter of it. */
export const MAX_BUNDLE_RECORD = 4 * 1024 * 1024;
export const MAX_BUNDLE_RECORDS = 500_000;
export const MAX_BUNDLE_HOSTS = 64;
/** Of all hosts: a large machine has 500. */
export const MAX_BUNDLE_SERIES = 32_000;
/** Numbers of all series of all hosts. */
export const MAX_BUNDLE_VALUES = 24_000_000;
export const MAX_BUNDLE_LINES = 50_000;

const time = z.int().check(z.minimum(0), z.maximum(8.64e15));

/** First: what this is, and of when. */
const headRecord = z.object({
  kind: z.literal('bundle'),
  format: z.literal(BUNDLE_FORMAT),
  /** What happened, in the words of who made it; null: not said. */
  title: z.nullable(z.string().check(z.maxLength(200))),
  /** Epoch milliseconds, the end excluded. */
  from: time,
  to: time,
  madeAt: time,
  /** Who made it, as they call themselves; null: not said. */
  madeBy: z.nullable(z.string().check(z.maxLength(64))),
  /** Version of the hub it was made from. */
  hubVersion: z.string().check(z.maxLength(64)),
  /** Of a share: its label. What the share hides is not in the bundle. Null: made by somebody who sees the whole hub. */
  share: z.nullable(z.string().check(z.maxLength(100))),
  /** True: secrets were looked for in texts and taken out. */
  isRedacted: z.boolean(),
});
export type BundleHead = z.infer<typeof headRecord>;

/** Events of the stream that say what there was: hosts, sources, notes, alerts, gaps, and the newest of the rest if it is of the window. */
export const bundledEvents = [
  'host',
  'source',
  'sample',
  'filesystems',
  'sensors',
  'processes',
  'note',
  'alert',
  'gap',
] as const;
export type BundledEventName = (typeof bundledEvents)[number];
export type BundledEvent = { [Name in BundledEventName]: StreamEventOf<Name> }[BundledEventName];

function eventRecordOf<Name extends BundledEventName>(name: Name) {
  return z.object({ kind: z.literal('event'), name: z.literal(name), data: streamEvents[name].schema });
}

const eventRecord = z.discriminatedUnion('name', [
  eventRecordOf('host'),
  eventRecordOf('source'),
  eventRecordOf('sample'),
  eventRecordOf('filesystems'),
  eventRecordOf('sensors'),
  eventRecordOf('processes'),
  eventRecordOf('note'),
  eventRecordOf('alert'),
  eventRecordOf('gap'),
]);

/** One record of an answer of `GET /api/v1/history`; the answers of all hosts follow each other. */
const historyPart = z.object({ kind: z.literal('history'), record: historyRecord });

/** A log line, oldest first. */
const linePart = z.object({ kind: z.literal('line'), id: lineId, line: logLine });

/** What was running in a part of the window: `GET /api/v1/history/processes`. The parts of a host follow each other in time. */
const processesPart = z.object({ kind: z.literal('processes'), answer: pastProcesses });

/** What changed against the time before the window: `GET /api/v1/history/changes`. */
const changesPart = z.object({ kind: z.literal('changes'), answer: historyChanges });

/** What a bundle consists of, to those who choose. */
export const bundleParts = ['metrics', 'logs', 'processes', 'notes'] as const;
export type BundlePart = (typeof bundleParts)[number];

const omission = z.object({
  what: z.enum(bundleParts),
  /** Null: of all hosts. */
  host: z.nullable(hostId),
  /** One sentence. */
  why: z.string().check(z.maxLength(500)),
});
/** Something of the window that is not in the bundle, and why. */
export type BundleOmission = z.infer<typeof omission>;

/** Last: without it the file is cut short. */
const endRecord = z.object({
  kind: z.literal('end'),
  /** Records before this one. */
  records: z.int().check(z.minimum(1)),
  omissions: z.array(omission).check(z.maxLength(1_000)),
});

export const bundleRecord = z.discriminatedUnion('kind', [
  headRecord,
  eventRecord,
  historyPart,
  linePart,
  processesPart,
  changesPart,
  endRecord,
]);
export type BundleRecord = z.infer<typeof bundleRecord>;
