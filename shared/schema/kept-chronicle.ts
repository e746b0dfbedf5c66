/** What a hub keeps about the times of its hosts, and its own: `chronicle.ndjson` in its data folder, one entry a line. */
import * as z from 'zod/mini';
import { historyGapReasons } from './history.ts';
import { hostId } from './host-id.ts';

/** A host is told as `live` while it is stale or backfilling: these come and go. */
export const keptStatuses = ['live', 'offline', 'asleep', 'paused', 'incompatible'] as const;
export type KeptStatus = (typeof keptStatuses)[number];

export const chronicleEntry = z.discriminatedUnion('what', [
  z.object({
    what: z.literal('status'),
    host: hostId,
    time: z.int(),
    status: z.enum(keptStatuses),
    /** Epoch milliseconds of the newest sample at that time; null: there was none. */
    lastSeen: z.nullable(z.int()),
  }),
  z.object({
    what: z.literal('gap'),
    host: hostId,
    from: z.int(),
    to: z.int(),
    reason: z.enum(historyGapReasons),
  }),
  z.object({ what: z.literal('boot'), host: hostId, time: z.int() }),
  /** The hub was told to forget it. */
  z.object({ what: z.literal('removed'), host: hostId, time: z.int() }),
  /** `lastAlive`: the last sign of life of the start before; null: this is the first. */
  z.object({ what: z.literal('hub-started'), time: z.int(), lastAlive: z.nullable(z.int()) }),
  /** Samples were not kept, because the disk was full or failed. */
  z.object({ what: z.literal('not-stored'), from: z.int(), to: z.int() }),
]);
export type ChronicleEntry = z.infer<typeof chronicleEntry>;
