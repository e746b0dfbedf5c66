/** The hub's own numbers, `GET /api/v1/hub`: what it does at this moment and what it has done since it started. */
import * as z from 'zod/mini';

const count = z.int().check(z.minimum(0));

export const hubNumbers = z.object({
  version: z.string().check(z.maxLength(64)),
  /** Epoch milliseconds; two answers and the time between them make rates of the counters below. */
  serverTime: z.int(),
  startedAt: z.int(),

  process: z.object({
    cpuSeconds: z.number().check(z.minimum(0)),
    residentBytes: count,
    /** Lateness of the event loop, 99th percentile of the last ten minutes; null in the first seconds. */
    loopDelayP99Ms: z.nullable(z.number().check(z.minimum(0))),
  }),

  /** Open at this moment. */
  connections: z.object({ h1: count, h2: count, poll: count }),
  /** The most read views first; what is beyond the list is not listed, only counted in `viewCount`. */
  views: z
    .array(z.object({ view: z.string().check(z.maxLength(1024)), readers: count, compressed: count }))
    .check(z.maxLength(64)),
  viewCount: count,

  /** What waits for readers that are behind. */
  outboxes: z.object({ backedUp: count, bytes: count, largestBytes: count }),
  replay: z.object({ events: count, bytes: count }),

  /** All from here on: since the start. */
  streams: z.object({ opened: count, refused: count, resumed: count, reset: count }),
  out: z.object({
    /** Events times their readers. */
    events: count,
    bytes: count,
    writes: count,
  }),
  encoding: z.object({
    /** Events put on the bus, each encoded once. */
    events: count,
    seconds: z.number().check(z.minimum(0)),
  }),
  /** Blocks compressed once for all readers of a view. */
  compression: z.object({ bytesIn: count, bytesOut: count, seconds: z.number().check(z.minimum(0)) }),
  slowReaders: z.object({ conflated: count, skipped: count, gaps: count }),
  /** What agents sent; null: none has yet. */
  intake: z._default(
    z.nullable(
      z.object({
        /** Agents heard since the start, and of those within the last minute. */
        agents: count,
        agentsHeard: count,
        batches: count,
        records: count,
        /** Records refused, and records that had come before. */
        refused: count,
        duplicates: count,
        /** Batches sent back for later: too many, too busy, no room. */
        sentBack: count,
        /** What is kept of it on the disk, at this moment. */
        journalBytes: count,
        /** From an observation to its arrival here, of the agents heard within the last minute the longest; null: none was. */
        lagMs: z.nullable(z.number().check(z.minimum(0))),
      }),
    ),
    null,
  ),
  /** The log archive; null: the hub keeps no lines. */
  archive: z._default(
    z.nullable(
      z.object({
        /** On the disk, and at most. */
        bytes: count,
        maxBytes: count,
        /** Lines that could not be kept. */
        lost: count,
        /** What keeps lines from being kept, one sentence; null: nothing does. */
        trouble: z.nullable(z.string().check(z.maxLength(1024))),
      }),
    ),
    null,
  ),
  /** History; null: the hub keeps none. */
  history: z._default(
    z.nullable(
      z.object({
        /** On the disk, and at most. */
        bytes: count,
        maxBytes: count,
        /** Samples and process tables that could not be kept. */
        lost: count,
        /** What keeps samples from being kept, one sentence; null: nothing does. */
        trouble: z.nullable(z.string().check(z.maxLength(1024))),
      }),
    ),
    null,
  ),
  /** Streams ended by the hub, by reason. */
  cuts: z.record(z.string().check(z.maxLength(32)), count),
});
export type HubNumbers = z.infer<typeof hubNumbers>;
