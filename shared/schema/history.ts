/**
 * What a hub kept of its hosts, read back. `GET /api/v1/history` answers NDJSON, one `historyRecord` a line: `begin`, then for each
 * host its `columns`, one record per series in the order asked for, and its `gaps`; last `end`, or `problem`.
 */
import * as z from 'zod/mini';
import { hostId } from './host-id.ts';
import { hostStatus } from './host.ts';

export const HISTORY_CONTENT_TYPE = 'application/x-ndjson; charset=utf-8';

/** Buckets of each series: where `points` does not say otherwise, and the most it may say. */
export const HISTORY_POINTS = 1_000;
export const MAX_HISTORY_POINTS = 10_000;
/** Hosts of one question; none named: all that the reader sees, if they are no more. */
export const MAX_HISTORY_HOSTS = 64;
/** Keys of one question. A `*` stands for any characters: `net.*.receive`, `core.*.busy`, `*`. */
export const MAX_HISTORY_KEYS = 64;
/** Hosts x series x buckets of one answer; a question for more is refused before anything is read. */
export const MAX_HISTORY_VALUES = 2_000_000;
/** An answer that takes longer ends with what it has, and says so. */
export const HISTORY_MS = 15_000;

/**
 * Lengths of buckets, in milliseconds: an answer's is the shortest of these that needs no more than `points` buckets, is made of
 * whole buckets that are kept at `from`, and is no shorter than the time between two samples. Buckets lie on multiples of it since
 * 1970, so that answers of overlapping windows fit together.
 */
export const historySteps = [
  ...[1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * 3_600_000),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000].map((days) => days * 86_400_000),
] as const;

/** What of each bucket is told: `fields=mean,min,max` where it does not say otherwise. `last` is the newest value in the bucket. */
export const historyFields = ['mean', 'min', 'max', 'count', 'last'] as const;
export type HistoryField = (typeof historyFields)[number];

/** Why there is nothing. Stretches of an unknown reason are told too: nothing is ever drawn over them. */
export const historyGapReasons = [
  /** The host was silent: it, its agent or the way between was down. */
  'offline',
  /** Suspended, by its own word. */
  'asleep',
  'host-paused',
  /** Its agent spoke a protocol that this hub does not. */
  'incompatible',
  /** It was taken off this hub, and came back later. */
  'removed',
  /** Kept by its agent while the hub was away, and lost there: too much, or damaged. */
  'spool-overflow',
  'spool-damaged',
  /** What was read on the host overflowed or began anew. */
  'source-overflow',
  'source-reset',
  /** This hub did not run, and nobody kept it for the time after. */
  'hub-stopped',
  /** This hub ran and could not keep it: its disk was full or failed. */
  'not-stored',
  /** Before anything of the host was kept. */
  'before-first',
  /** Older than what is kept, at this length of buckets or at any. */
  'past-retention',
  /** From before what this reader may see. */
  'not-shared',
  /** The newest samples are under way, or the window reaches past now. */
  'not-yet',
  'unknown',
] as const;
export type HistoryGapReason = (typeof historyGapReasons)[number];

/** A stretch without any sample of the host, in epoch milliseconds, the end excluded. Shorter than 2.5 intervals is none. */
export const historyGap = z.object({ from: z.int(), to: z.int(), reason: z.enum(historyGapReasons) });
export type HistoryGap = z.infer<typeof historyGap>;

/** What happened to the host in the window, for markers on the axis; ascending by time. */
export const historyMark = z.discriminatedUnion('what', [
  z.object({ what: z.literal('status'), time: z.int(), status: hostStatus, before: z.nullable(hostStatus) }),
  /** The machine started at this time. */
  z.object({ what: z.literal('boot'), time: z.int() }),
  /** Of the hub itself; a hub that was killed has no `hub-stopped`: it is told at its last sign of life. */
  z.object({ what: z.literal('hub-started'), time: z.int() }),
  z.object({ what: z.literal('hub-stopped'), time: z.int() }),
]);
export type HistoryMark = z.infer<typeof historyMark>;

/** First. */
const beginRecord = z.object({
  kind: z.literal('begin'),
  serverTime: z.int(),
  /** The window asked for, in epoch milliseconds, the end excluded. Its first and last bucket may reach past it. */
  from: z.int(),
  to: z.int(),
  /** How long a bucket is. */
  stepMs: z.int().check(z.minimum(1)),
  /** How long the buckets are that were read: what `stepMs` is made of. Samples of 1 s: 1,000. */
  tierMs: z.int().check(z.minimum(1)),
  hosts: z.array(
    z.object({
      host: hostId,
      /** Between two samples: a line breaks where more than 2.5 times this, or 2.5 buckets, lie between two values. */
      intervalMs: z.int().check(z.minimum(1)),
      /** Epoch milliseconds of the oldest that is kept of it, however coarse; null: nothing is. */
      keptSince: z.nullable(z.int()),
    }),
  ),
  /** What keeps samples from being kept, one sentence for people; null: nothing does. */
  trouble: z.nullable(z.string()),
});

/**
 * One series of one host. Index `i` of every array is the bucket that starts at `start + i * stepMs`; null: the bucket holds no value.
 * Empty buckets at either end are left out; a series without any value has no record. At most `points` buckets. Values are rounded to
 * a hundred-millionth of the largest of their array.
 */
const columnsRecord = z.object({
  kind: z.literal('columns'),
  host: hostId,
  series: z.string().check(z.minLength(1), z.maxLength(256)),
  start: z.int(),
  /** `min`, `max` and `last` are left out where `mean` is told and they are the same throughout: one sample per bucket. */
  mean: z.optional(z.array(z.nullable(z.number()))),
  min: z.optional(z.array(z.nullable(z.number()))),
  max: z.optional(z.array(z.nullable(z.number()))),
  last: z.optional(z.array(z.nullable(z.number()))),
  /** Samples in the bucket; 0: none. */
  count: z.optional(z.array(z.int().check(z.minimum(0)))),
});

/** After a host's columns. */
const gapsRecord = z.object({
  kind: z.literal('gaps'),
  host: hostId,
  /** Ascending, not overlapping. At most 1,000: then the shortest are left out. */
  gaps: z.array(historyGap),
  /** At most 1,000: the newest. */
  marks: z.array(historyMark),
});

/** Last. `time`: it took too long, and not all is told. */
const endRecord = z.object({
  kind: z.literal('end'),
  reason: z.enum(['complete', 'time']),
  /** Buckets told, empty ones included. */
  values: z.int().check(z.minimum(0)),
});

/** Instead of `end`: it had to be given up. */
const problemRecord = z.object({
  kind: z.literal('problem'),
  error: z.object({ code: z.string(), message: z.string(), remedy: z.nullable(z.string()) }),
});

export const historyRecord = z.discriminatedUnion('kind', [
  beginRecord,
  columnsRecord,
  gapsRecord,
  endRecord,
  problemRecord,
]);
export type HistoryRecord = z.infer<typeof historyRecord>;
export type HistoryRecordOf<Kind extends HistoryRecord['kind']> = Extract<HistoryRecord, { kind: Kind }>;

const windowSpan = z.object({ from: z.int(), to: z.int() });

/** What a process took in a window. It counts as nothing while it was not among the top: means are at least this much, but of memory, of those tables alone that it is in. */
export const processUse = z.object({
  /** Percent of one core. */
  cpuPercent: z.object({ mean: z.number(), max: z.number() }),
  residentBytes: z.object({ mean: z.number(), max: z.number() }),
  /** Null: unknown throughout. */
  readBytesPerSecond: z.nullable(z.object({ mean: z.number(), max: z.number() })),
  writeBytesPerSecond: z.nullable(z.object({ mean: z.number(), max: z.number() })),
  /** Share of the window's tables it was in, 0-1. */
  presence: z.number().check(z.minimum(0), z.maximum(1)),
});
export type ProcessUse = z.infer<typeof processUse>;

export const pastProcess = z.object({
  pid: z.int().check(z.minimum(0)),
  /** Epoch milliseconds; with the pid it names a process for good. */
  startTime: z.int(),
  name: z.string(),
  command: z.string(),
  user: z.string(),
  /** Null: not among the top of that window. Never both. */
  now: z.nullable(processUse),
  before: z.nullable(processUse),
});
export type PastProcess = z.infer<typeof pastProcess>;

/** Rows of `GET /api/v1/history/processes` where `limit` does not say otherwise, and at most. */
export const PAST_PROCESSES = 30;
export const MAX_PAST_PROCESSES = 200;

/** `GET /api/v1/history/processes?host=&from=&to=&limit=`: what was running in a window, beside the window of the same length before it. */
export const pastProcesses = z.object({
  host: hostId,
  /** The window asked for, and the one it is compared with; the ends excluded. */
  window: windowSpan,
  before: windowSpan,
  /** Tables of each that were looked at: one every 10 s, of long windows a part, evenly spread. 0: nothing is known of it. */
  tables: z.object({ now: z.int().check(z.minimum(0)), before: z.int().check(z.minimum(0)) }),
  /** When the oldest table is of that is kept; null: none is. */
  keptSince: z.nullable(z.int()),
  /** The top by CPU, by memory and by I/O of both windows, by the mean CPU of the window asked for; then by that of the one before. */
  rows: z.array(pastProcess),
});
export type PastProcesses = z.infer<typeof pastProcesses>;

/** How the values of one series lie in a window. */
export const valueSpread = z.object({
  median: z.number(),
  min: z.number(),
  max: z.number(),
  /** Buckets that held a value. */
  count: z.int().check(z.minimum(1)),
});

export const historyChange = z.object({
  series: z.string(),
  /** How far it moved, in widths of its usual spread; 0 and more, and comparable between series. Ranked by it. */
  score: z.number().check(z.minimum(0)),
  direction: z.enum(['up', 'down', 'appeared', 'vanished']),
  /** Null where there was none: it appeared, or vanished. */
  now: z.nullable(valueSpread),
  before: z.nullable(valueSpread),
  /** The same in words, one sentence: "CPU iowait rose from 0.4 % to 61 %, 38 times its usual spread." */
  words: z.string(),
});
export type HistoryChange = z.infer<typeof historyChange>;

/** Changes of one answer where `limit` does not say otherwise, and at most. */
export const HISTORY_CHANGES = 20;
export const MAX_HISTORY_CHANGES = 200;

/** `GET /api/v1/history/changes?host=&from=&to=&limit=`: the series that moved most against the time before the window. */
export const historyChanges = z.object({
  host: hostId,
  window: windowSpan,
  /** As long as the window, and a minute at least. */
  before: windowSpan,
  /** How long the buckets were that were compared. */
  stepMs: z.int().check(z.minimum(1)),
  /** Series that were compared, moved or not. 0: of the time before, or of the window, too little is known. */
  compared: z.int().check(z.minimum(0)),
  /** How scores are made, in a sentence or two for people. */
  method: z.string(),
  /** The highest score first; what moved less than its usual spread is left out. */
  changes: z.array(historyChange),
});
export type HistoryChanges = z.infer<typeof historyChanges>;

/** The codes of answers that a page tells apart. */
export const historyProblems = {
  /** 404: the hub keeps no history. What it holds in memory is on the stream. */
  off: 'history-off',
  /** 404: no such host is kept, or may be seen. */
  unknownHost: 'unknown-host',
  /** 400: more hosts, series and points than one answer may hold. */
  tooMuch: 'history-too-much',
  /** 429 with Retry-After: as many are answered as may. */
  busy: 'history-busy',
} as const;
