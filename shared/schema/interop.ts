/** Other tools: node_exporters that this hub asks, and where it writes samples to (Prometheus remote write 1.0). */
import * as z from 'zod/mini';
import { hostId } from './host-id.ts';

/** How it goes with something that this hub asks or writes to. `refused`: waiting alone does not mend it. */
export const targetStates = ['connecting', 'live', 'waiting', 'refused', 'paused'] as const;
export type TargetState = (typeof targetStates)[number];

/** Null where it is left out. */
function wish(maxLength: number): z.ZodMiniDefault<z.ZodMiniNullable<z.ZodMiniString>> {
  return z._default(z.nullable(z.string().check(z.trim(), z.minLength(1), z.maxLength(maxLength))), null);
}

/** What each request for a target has. */
const targetRequest = z.object({
  url: z.string().check(z.trim(), z.minLength(1), z.maxLength(2048)),
  /** With a secret: HTTP's basic authentication. Null with a secret: it is a bearer token. */
  user: wish(256),
  secret: wish(4096),
  /** The public-key pin the owner has confirmed; null: the certificate must be one the system trusts. */
  pin: wish(128),
});

/** What each entry has. The secret is in none. */
const targetEntry = z.object({
  id: z.string().check(z.regex(/^[a-z0-9]{8}$/)),
  url: z.string(),
  state: z.enum(targetStates),
  /** Where it is not live: why, and what to do. */
  reason: z.nullable(z.string()),
  /** Of the state, in epoch milliseconds. */
  since: z.int(),
  pin: z.nullable(z.string()),
});

/** `POST /api/v1/exporters`: a node_exporter, to be asked for as long as it is in the list. */
export const exporterRequest = z.extend(targetRequest, {
  /** Null: what the machine calls itself. */
  name: wish(255),
  group: wish(64),
  /** Between two questions. */
  intervalSeconds: z._default(z.int().check(z.minimum(1), z.maximum(300)), 5),
});
export type ExporterRequest = z.infer<typeof exporterRequest>;

export const exporterEntry = z.extend(targetEntry, {
  /** The host it became here; null: it has not answered yet. */
  host: z.nullable(hostId),
  intervalSeconds: z.int().check(z.minimum(1)),
  /** Of node_exporter, as it says itself. */
  version: z.nullable(z.string().check(z.maxLength(64))),
  /** How long the newest answer took. */
  tookMs: z.nullable(z.number().check(z.minimum(0))),
});
export type ExporterEntry = z.infer<typeof exporterEntry>;
export const exportersAnswer = z.object({ exporters: z.array(exporterEntry) });

/** Between two values of a series that is written; longer ones are means of what was measured. */
export const writeSteps = [1, 5, 10, 15, 30, 60] as const;

const labelName = z.string().check(z.regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/));
const labelValue = z.string().check(z.minLength(1), z.maxLength(256));

/** `POST /api/v1/remote-writes`: where the samples of all hosts are sent. */
export const remoteWriteRequest = z.extend(targetRequest, {
  everySeconds: z._default(z.literal(writeSteps), 15),
  /** Put on every series, besides `job="watchline"`, `instance` and `host`. At most 16; names as Prometheus has them. */
  labels: z._default(
    z.record(labelName, labelValue).check(z.refine((labels) => Object.keys(labels).length <= 16)),
    {},
  ),
  /** `X-Scope-OrgID`, by which Mimir and others tell their tenants apart. */
  tenant: z._default(z.nullable(z.string().check(z.trim(), z.regex(/^[\w.()*'!-]{1,150}$/))), null),
});
export type RemoteWriteRequest = z.infer<typeof remoteWriteRequest>;

export const remoteWriteEntry = z.extend(targetEntry, {
  everySeconds: z.int(),
  labels: z.record(z.string(), z.string()),
  tenant: z.nullable(z.string()),
  /** Values that were taken, and values that were refused for good, since this hub started. */
  sent: z.int().check(z.minimum(0)),
  refused: z.int().check(z.minimum(0)),
  /** Why the newest of those were refused; null: none was. */
  refusal: z.nullable(z.string()),
  /** From the oldest that is still to be sent until now; null: all is sent. */
  behindMs: z.nullable(z.number().check(z.minimum(0))),
  /** When something was last taken, in epoch milliseconds. */
  lastSent: z.nullable(z.int()),
});
export type RemoteWriteEntry = z.infer<typeof remoteWriteEntry>;
export const remoteWritesAnswer = z.object({ remoteWrites: z.array(remoteWriteEntry) });

/** `PATCH` of either: an exporter's host stays, and is shown as paused; what was not written is made up for later. */
export const targetChange = z.object({ paused: z.boolean() });
