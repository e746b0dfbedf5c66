/**
 * The log archive of a hub, searched: `GET /api/v1/logs/search` answers NDJSON, one `searchRecord` a line, as it finds; `GET
 * /api/v1/logs/context` answers the lines around one of them.
 */
import * as z from 'zod/mini';
import { logLevels } from '../log-level.ts';
import { logLine } from './logs.ts';

export const SEARCH_CONTENT_TYPE = 'application/x-ndjson; charset=utf-8';

/** Lines of one answer where `limit` does not say otherwise, and the most it may say; 0: none, only the count. */
export const SEARCH_LIMIT = 500;
export const MAX_SEARCH_LIMIT = 5_000;
/** Columns of a histogram at most; 0, the default: no histogram. */
export const MAX_SEARCH_BUCKETS = 500;
/** Lines on each side of the one in the middle. */
export const CONTEXT_LINES = 50;
export const MAX_CONTEXT_LINES = 500;
/** A search that takes longer ends with what it has found, and says where it stopped. */
export const SEARCH_MS = 30_000;

/**
 * Names a line for good: the cursor (SSE `id`) its `log` event had on the stream, so that a page can ask for what lies between two
 * events it received. Lines that came too late for the stream have ids of their own.
 */
export const lineId = z.string().check(z.regex(/^[a-z0-9]{4,32}-\d{1,15}$/));

export const searchOrders = ['newest', 'oldest'] as const;
export type SearchOrder = (typeof searchOrders)[number];

export const archivedLine = z.object({ id: lineId, line: logLine });
export type ArchivedLine = z.infer<typeof archivedLine>;

/** A level, or `none`: lines of unknown level. */
export const histogramLevels = [...logLevels, 'none'] as const;
export type HistogramLevel = (typeof histogramLevels)[number];

/** Lines that match, by level: one number per column. Levels without any are left out. */
export const histogramCounts = z.partialRecord(z.enum(histogramLevels), z.array(z.int().check(z.minimum(0))));
export type HistogramCounts = z.infer<typeof histogramCounts>;

/** First. The range is what was asked for, or else all that the archive holds. */
const beginRecord = z.object({
  kind: z.literal('begin'),
  serverTime: z.int(),
  /** Epoch milliseconds, the end excluded; columns of the histogram divide it. */
  from: z.int(),
  to: z.int(),
  /** How long a column is; null: no histogram was asked for. */
  bucketMs: z.nullable(z.int().check(z.minimum(1))),
  /** When the oldest line came that is kept; null: none is. */
  keptSince: z.nullable(z.int()),
  /** What keeps lines from being kept, one sentence for people; null: nothing does. */
  trouble: z.nullable(z.string()),
});

/** A line that matches, in the order asked for: the order in which lines came. */
const lineRecord = z.extend(archivedLine, { kind: z.literal('line') });

/** Every quarter of a second or so: how far it is. A histogram replaces the one before. */
const progressRecord = z.object({
  kind: z.literal('progress'),
  /** Lines looked at or known not to match, of so many in all (viewers of a share are told hundredths), and matches among them. */
  searched: z.int().check(z.minimum(0)),
  total: z.int().check(z.minimum(0)),
  matched: z.int().check(z.minimum(0)),
  histogram: z.nullable(histogramCounts),
});

/** Last. `limit`: there may be more lines. `time`: it took too long, and not all was looked at. */
const endRecord = z.extend(progressRecord, {
  kind: z.literal('end'),
  reason: z.enum(['complete', 'limit', 'time']),
  /** Where to go on: the rest is asked for with `before` (order `newest`) or `after` and this. Null: there is no rest. */
  lastId: z.nullable(lineId),
});

/** Instead of `end`: it had to be given up. */
const problemRecord = z.object({
  kind: z.literal('problem'),
  error: z.object({ code: z.string(), message: z.string(), remedy: z.nullable(z.string()) }),
});

export const searchRecord = z.discriminatedUnion('kind', [
  beginRecord,
  lineRecord,
  progressRecord,
  endRecord,
  problemRecord,
]);
export type SearchRecord = z.infer<typeof searchRecord>;
export type SearchRecordOf<Kind extends SearchRecord['kind']> = Extract<SearchRecord, { kind: Kind }>;

/** `GET /api/v1/logs/context`: lines of the same host around one line, oldest first. */
export const contextAnswer = z.object({
  lines: z.array(archivedLine),
  /** Where in `lines` the one asked for stands; null: it was asked for by time, or may not be seen. */
  at: z.nullable(z.int().check(z.minimum(0))),
  hasOlder: z.boolean(),
  hasNewer: z.boolean(),
});
export type ContextAnswer = z.infer<typeof contextAnswer>;

/** The codes of answers that a page tells apart. */
export const searchProblems = {
  /** 400: the filter is none; the message says why. */
  badFilter: 'bad-filter',
  /** 404: no line with this id is kept (any more). */
  unknownLine: 'unknown-line',
  /** 404: the hub keeps no lines. */
  archiveOff: 'archive-off',
  /** 429 with Retry-After: as many searches run as may. */
  busy: 'searches-busy',
  /** In a `problem` record: a regular expression took too long on one line. */
  slowPattern: 'slow-pattern',
} as const;
