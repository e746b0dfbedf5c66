/** Adding servers: invitations for agents, and upstreams to pull from. */
import * as z from 'zod/mini';
import { hostId } from './host-id.ts';

/** `POST /api/v1/invitations`. */
export const invitationRequest = z.object({
  /** The address the agent shall use; null: the one this request came in on. */
  hubUrl: z._default(z.nullable(z.url().check(z.maxLength(2048))), null),
  group: z._default(z.nullable(z.string().check(z.trim(), z.maxLength(64))), null),
});

/** Also `GET /api/v1/invitations/:id`: where it has come to. */
export const invitation = z.object({
  /** The code's first half. */
  id: z.string().check(z.regex(/^[A-HJ-NP-Z2-9]{4}$/)),
  expires: z.int(),
  /** `reached`: somebody asked with this code's first half. `closed`: five wrong tries, or withdrawn. */
  state: z.enum(['waiting', 'reached', 'paired', 'expired', 'closed']),
  triesLeft: z.int().check(z.minimum(0)),
  /** The host that paired with it. */
  host: z.nullable(hostId),
});
export type Invitation = z.infer<typeof invitation>;

/** The code itself is told once, here. */
export const invitationAnswer = z.extend(invitation, {
  code: z.string(),
  hubUrl: z.string(),
  /** `sha256/<base64url of the SHA-256 of the public key>`; null where the certificate is one that every system trusts, or there is no TLS. */
  pin: z.nullable(z.string()),
  /** What to paste, one line per system. */
  lines: z.object({ linux: z.string(), macos: z.string(), windows: z.string() }),
  /** Where agents elsewhere cannot reach this hub at `hubUrl`: why, and what to do. */
  warning: z.nullable(z.string()),
});
export type InvitationAnswer = z.infer<typeof invitationAnswer>;

/** An agent as its hub keeps it. */
export const agentEntry = z.object({
  host: hostId,
  name: z.string(),
  pairedAt: z.int(),
  /** Null: never since the hub started. */
  lastSeen: z.nullable(z.int()),
  version: z.string(),
  address: z.nullable(z.string()),
  lagMs: z.nullable(z.number()),
  skewMs: z.nullable(z.number()),
  /** Records its spool holds besides, as its newest batch said. */
  waiting: z.nullable(z.int().check(z.minimum(0))),
  /** What is wrong, one sentence; null: nothing. */
  trouble: z.nullable(z.string()),
});
export type AgentEntry = z.infer<typeof agentEntry>;
export const agentsAnswer = z.object({ agents: z.array(agentEntry) });

/** `POST /api/v1/upstreams`: a hub or agent elsewhere that this hub reads. */
export const upstreamRequest = z.object({
  /** An origin, a stream's address, or a share link. */
  url: z.string().check(z.trim(), z.minLength(1), z.maxLength(2048)),
  token: z._default(z.nullable(z.string().check(z.trim(), z.minLength(1), z.maxLength(512))), null),
  /** The public-key pin the owner has confirmed; null: the certificate must be one the system trusts. */
  pin: z._default(z.nullable(z.string().check(z.maxLength(128))), null),
  group: z._default(z.nullable(z.string().check(z.trim(), z.maxLength(64))), null),
});
export type UpstreamRequest = z.infer<typeof upstreamRequest>;

/** `POST /api/v1/upstreams/probe`. */
export const upstreamProbeRequest = z.pick(upstreamRequest, { url: true });

/** Its answer: what stands there, before any token is sent. */
export const upstreamProbe = z.object({
  origin: z.string(),
  /** Null: plain HTTP. */
  certificate: z.nullable(
    z.object({
      pin: z.string(),
      fingerprint: z.string(),
      isTrusted: z.boolean(),
      subject: z.string(),
      expires: z.int(),
    }),
  ),
});
export type UpstreamProbe = z.infer<typeof upstreamProbe>;

export const upstreamEntry = z.object({
  id: z.string().check(z.regex(/^[a-z0-9]{8}$/)),
  origin: z.string(),
  state: z.enum(['connecting', 'live', 'waiting', 'refused', 'incompatible', 'paused']),
  /** Where it is not live: why, and what to do. */
  reason: z.nullable(z.string()),
  since: z.int(),
  hubVersion: z.nullable(z.string()),
  pin: z.nullable(z.string()),
  hosts: z.array(hostId),
  lagMs: z.nullable(z.number()),
  /** Events that did not fit their schemas since this hub started, and were left out. */
  skipped: z.optional(z.int().check(z.minimum(0))),
});
export type UpstreamEntry = z.infer<typeof upstreamEntry>;
export const upstreamsAnswer = z.object({ upstreams: z.array(upstreamEntry) });

/** `PATCH /api/v1/upstreams/:id`: its hosts stay, and go offline. */
export const upstreamChange = z.object({ paused: z.boolean() });
