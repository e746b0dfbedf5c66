/** Events that speak of the stream itself, not of a host's measurements. */
import * as z from 'zod/mini';
import { channel } from './channel.ts';
import { hostId } from './host-id.ts';

/** Who may read a stream. An agent only sends. */
export const roles = ['owner', 'viewer', 'operator'] as const;

/** What a viewer is told about the share it watches. */
export const shareTold = z.object({
  id: z.string().check(z.maxLength(64)),
  label: z.string().check(z.maxLength(100)),
  /** Who shares: "Ana"; empty: nobody said. */
  by: z.string().check(z.maxLength(64)),
  /** Epoch milliseconds; null: until it is revoked. */
  expiresAt: z.nullable(z.int()),
  /** `live`: nothing from before the viewer came. Else epoch milliseconds: nothing from before that. */
  since: z.union([z.literal('live'), z.int()]),
  /** True: hosts have made-up names and no addresses. */
  hidesNames: z.boolean(),
  /** True: a filter leaves log lines out. */
  filtersLogs: z.boolean(),
});
export type ShareTold = z.infer<typeof shareTold>;

/** First on every stream: who speaks, and what this subscriber may see. */
export const hello = z.object({
  protocol: z.int().check(z.minimum(1)),
  hubVersion: z.string().check(z.maxLength(64)),
  epoch: z.string(),
  serverTime: z.int(),
  intervalMs: z.int(),
  heartbeatMs: z.int(),
  role: z.enum(roles),
  /** Of a viewer: the share it watches. */
  share: z.nullish(shareTold),
  channels: z.array(channel),
  /** Null: all of the hub's hosts. */
  hosts: z.nullable(z.array(hostId)),
  /** True when what follows is the exact replay after the reader's cursor, false for a snapshot. */
  resumed: z.boolean(),
});
export type Hello = z.infer<typeof hello>;

/** Ends the snapshot or the replay: from here on everything is live. */
export const ready = z.object({ cursor: z.string(), replayed: z.int().check(z.minimum(0)) });

/** The last minutes of one host by columns: `series[key][i]` was measured at `times[i]`. */
export const recent = z.object({
  host: hostId,
  intervalMs: z.int(),
  times: z.array(z.int()),
  series: z.record(z.string(), z.array(z.nullable(z.number()))),
});
export type Recent = z.infer<typeof recent>;

/**
 * Samples that came late, by columns like `recent`: insert them by time and mark the span. At most 60 rows. Without any series: samples
 * came that are older than a page holds, from the first to the last of `times`; they are in the history.
 */
export const backfill = recent;
export type Backfill = Recent;

/** Something is missing, and why; drawn as a gap, never bridged. */
export const gap = z.object({
  host: z.nullable(hostId),
  channel,
  reason: z.enum([
    'slow-reader',
    'source-overflow',
    'source-reset',
    'offline',
    'asleep',
    'host-paused',
    'spool-overflow',
    'spool-damaged',
  ]),
  from: z.int(),
  to: z.int(),
  /** Events left out; null where they were never counted. */
  count: z.nullable(z.int().check(z.minimum(0))),
});
export type Gap = z.infer<typeof gap>;

/** The reader's cursor cannot be resumed: forget what you hold, a snapshot follows. */
export const reset = z.object({
  /** `sight`: what this reader may see has changed meanwhile. */
  reason: z.enum(['evicted', 'malformed', 'future', 'epoch', 'partial', 'sight']),
});
export type Reset = z.infer<typeof reset>;

export const ping = z.object({ serverTime: z.int() });

/**
 * The hub ends this stream on purpose. `revoked` and `expired`: for good, its token or session opens nothing any more. Otherwise come back
 * after `retryMs` with the cursor you have.
 */
export const bye = z.object({
  reason: z.enum(['shutdown', 'rotate', 'overflow', 'revoked', 'expired']),
  retryMs: z.int().check(z.minimum(0)),
});
export type Bye = z.infer<typeof bye>;
