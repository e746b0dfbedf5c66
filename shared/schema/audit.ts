/** The audit log: who was let in, who was not, and what was changed. Told to the owner alone; no secret is ever in it. */
import * as z from 'zod/mini';

export const auditKinds = [
  'hub-started',
  'login',
  'refused',
  'session-ended',
  'share-created',
  'share-changed',
  'share-paused',
  'share-resumed',
  'share-revoked',
  'share-expired',
  'share-opened',
  'share-refused',
  'share-previewed',
  'token-created',
  'token-revoked',
  'agent-invited',
  'agent-paired',
  'agent-revoked',
  'host-changed',
  'host-removed',
  'upstream-added',
  'upstream-changed',
  'upstream-removed',
  'exporter-added',
  'exporter-changed',
  'exporter-removed',
  'remote-write-added',
  'remote-write-changed',
  'remote-write-removed',
  'reach-changed',
  'alert-rule-changed',
] as const;
export const auditKind = z.enum(auditKinds);
export type AuditKind = z.infer<typeof auditKind>;

export const auditEntry = z.object({
  /** Grows with every entry, also over restarts of the hub. */
  id: z.int().check(z.minimum(1)),
  /** Epoch milliseconds. */
  time: z.int(),
  kind: auditKind,
  /** Who did it. */
  actor: z.object({
    /** `unknown`: nobody the hub knows, such as who was refused; `hub`: the hub by itself, as when a share expires. */
    role: z.enum(['owner', 'viewer', 'operator', 'agent', 'unknown', 'hub']),
    /** The label of its token or share, or the name it gave itself; null: it has none. */
    name: z.nullable(z.string().check(z.maxLength(255))),
    /** Of the machine it came from; null: of none. */
    address: z.nullable(z.string().check(z.maxLength(64))),
  }),
  /** What it was done to, by id and as people call it: a share, a host, a token ... Null: the hub as a whole. */
  subject: z.nullable(
    z.object({ id: z.string().check(z.maxLength(255)), name: z.string().check(z.maxLength(255)) }),
  ),
  /** More of it, by kind: "isPaused: true", "code: too-many-bad-tokens". At most 16 short values. */
  details: z.record(
    z.string().check(z.maxLength(64)),
    z.union([z.string().check(z.maxLength(512)), z.number(), z.boolean(), z.null()]),
  ),
  /** Refusals of one address within a minute are one entry, told again with a greater number. */
  count: z.int().check(z.minimum(1)),
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** How many entries `GET /api/v1/audit` answers where `?limit=` does not say, and at most. */
export const AUDIT_LIMIT = 100;
export const MAX_AUDIT_LIMIT = 500;

/** `GET /api/v1/audit?before=<id>&limit=`: newest first, those older than `before`. */
export const auditAnswer = z.object({
  entries: z.array(auditEntry),
  /** For `before`, to read on; null: there are no older ones. */
  next: z.nullable(z.int()),
});
export type AuditAnswer = z.infer<typeof auditAnswer>;
