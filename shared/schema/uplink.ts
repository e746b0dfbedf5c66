/**
 * The uplink: how an agent pairs with a hub and hands over what it observed. A batch is NDJSON: one `batchHead`, then
 * one `uplinkRecord` a line. docs/protocol.md says which answers there are.
 */
import * as z from 'zod/mini';
import { hostId } from './host-id.ts';
import { host, inventory } from './host.ts';

/** Grows when one side written for the previous number would misread the other. */
export const UPLINK_PROTOCOL = 1;

/** A pairing code: what a person may have to type, so without 0, 1, I and O. The first half finds the invitation, the second proves it. */
export const pairingCode = z.string().check(z.regex(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/));
export const PAIRING_CODE_MS = 15 * 60_000;
export const PAIRING_TRIES = 5;

/** `POST /api/v1/pair`: public, the code is the proof. */
export const pairRequest = z.object({
  protocol: z.int().check(z.minimum(1)),
  code: pairingCode,
  /** What the machine calls itself; the hub may give it another id where this one is taken. */
  host: z.object({ id: hostId, name: z.string().check(z.minLength(1), z.maxLength(255)) }),
  agentVersion: z.string().check(z.maxLength(64)),
});
export type PairRequest = z.infer<typeof pairRequest>;

/** What requests of every protocol have: looked at before the rest, which another protocol may have changed. */
export const anyPairRequest = z.looseObject({ protocol: pairRequest.shape.protocol });

export const pairAnswer = z.object({
  protocol: z.int().check(z.minimum(1)),
  /** The host's id on this hub: every record carries it. */
  host: hostId,
  /** For `Authorization: Bearer`; told this once. */
  token: z.string().check(z.minLength(32), z.maxLength(256)),
  hubVersion: z.string().check(z.maxLength(64)),
});
export type PairAnswer = z.infer<typeof pairAnswer>;

/** One start of one agent: sequences of two runs never compare. */
export const runId = z.string().check(z.regex(/^[a-z0-9]{4,32}$/));

/** First line of a batch. */
export const batchHead = z.object({
  protocol: z.int().check(z.minimum(1)),
  agentVersion: z.string().check(z.maxLength(64)),
  /** The run that sends; its records may be of an earlier run that the spool kept. */
  run: runId,
  /** Epoch milliseconds by the agent's clock, and milliseconds since the run began by a clock that never jumps. */
  sentAt: z.int(),
  sentMono: z.number().check(z.minimum(0)),
  /** `live`: as it happens. `backfill`: kept in the spool while there was no way. */
  kind: z.enum(['live', 'backfill']),
  /** What the spool still holds besides this batch, and the epoch milliseconds of the oldest of it. */
  waiting: z.object({ records: z.int().check(z.minimum(0)), since: z.nullable(z.int()) }),
  /** Set on the last batch of a run: why it ends. */
  leaving: z.optional(z.enum(['stopped', 'asleep'])),
});
export type BatchHead = z.infer<typeof batchHead>;

/** Who is observed, as a record: first of every run, and again when it changes. */
export const observedHost = z.extend(
  z.pick(host, { id: true, name: true, agentVersion: true, intervalMs: true }),
  { inventory },
);

/** The envelope of every further line. `data` is checked by the schema that `name` has in shared/events.ts, or by `observedHost`. */
export const uplinkRecord = z.object({
  run: runId,
  /** From 1, by one more per record of a run. */
  seq: z.int().check(z.minimum(1)),
  /** When it was observed: milliseconds since its run began. */
  mono: z.number().check(z.minimum(0)),
  name: z.enum(['describe', 'source', 'sample', 'filesystems', 'sensors', 'processes', 'log', 'gap']),
  data: z.unknown(),
});
export type UplinkRecord = z.infer<typeof uplinkRecord>;

/** 200: all records are durable on the hub, or named here. Neither kind is to be sent again. */
export const batchAnswer = z.object({
  serverTime: z.int(),
  refused: z.array(
    z.object({
      run: runId,
      seq: z.int().check(z.minimum(1)),
      code: z.string().check(z.maxLength(64)),
      message: z.string().check(z.maxLength(1024)),
    }),
  ),
  /** True: the owner paused this host. Collect nothing, and ask again with an empty batch every 15 s. */
  paused: z.boolean(),
  /** Set where the hub does not know, or has lost, who this host is: send the description again. */
  describe: z.optional(z.literal(true)),
});
export type BatchAnswer = z.infer<typeof batchAnswer>;

/** Names the dictionary (link/batches/batch-dictionary.ts) that a live batch in zstd was compressed with. */
export const dictionaryHeader = 'watchline-dictionary';

/** Limits of one batch: a record past its own is refused by itself, a batch past its own as a whole (413). */
export const MAX_BATCH_RECORDS = 5_000;
export const MAX_RECORD_BYTES = 512 * 1024;

/** The codes of answers that an agent tells apart; `message` and `remedy` are for people. */
export const uplinkProblems = {
  /** 403 on pairing: no such code, used, or too old. */
  wrongCode: 'wrong-code',
  expiredCode: 'expired-code',
  /** 403: the token was revoked. Try no more than once an hour. */
  revoked: 'revoked',
  /** 409: another agent with this token is running. */
  cloned: 'cloned',
  /** 409: the hub does not hold the named dictionary. Send the same batch again without one, at once. */
  unknownDictionary: 'unknown-dictionary',
  /** 426: the protocols have no number in common; the message names both. */
  incompatible: 'incompatible',
  /** 503 with Retry-After: the hub has as many hosts as it takes, or its disk is full. */
  hubFull: 'hub-full',
  diskFull: 'disk-full',
} as const;
