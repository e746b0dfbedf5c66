/** Adding servers: invitations for agents, upstreams to pull from, and what an owner may change about a host. */
import * as z from 'zod';
import { hostId } from './host.ts';

/** `POST /api/v1/invitations`. */
export const invitationRequest = z.object({
  /** The address the agent shall use; null: the one this request came in on. */
  hubUrl: z.url().max(2048).nullable().default(null),
  group: z.string().trim().max(64).nullable().default(null),
});

/** Also `GET /api/v1/invitations/:id`: where it has come to. */
export const invitation = z.object({
  /** The code's first half. */
  id: z.string().regex(/^[A-HJ-NP-Z2-9]{4}$/),
  expires: z.int(),
  /** `reached`: somebody asked with this code's first half. `closed`: five wrong tries, or withdrawn. */
  state: z.enum(['waiting', 'reached', 'paired', 'expired', 'closed']),
  triesLeft: z.int().min(0),
  /** The host that paired with it. */
  host: hostId.nullable(),
});
export type Invitation = z.infer<typeof invitation>;

/** The code itself is told once, here. */
export const invitationAnswer = invitation.extend({
  code: z.string(),
  hubUrl: z.string(),
  /** `sha256/<base64url of the SHA-256 of the public key>`; null where the certificate is one that every system trusts, or there is no TLS. */
  pin: z.string().nullable(),
  /** What to paste, one line per system. */
  lines: z.object({ linux: z.string(), macos: z.string(), windows: z.string() }),
  /** Where agents elsewhere cannot reach this hub at `hubUrl`: why, and what to do. */
  warning: z.string().nullable(),
});
export type InvitationAnswer = z.infer<typeof invitationAnswer>;

/** An agent as its hub keeps it. */
export const agentEntry = z.object({
  host: hostId,
  name: z.string(),
  pairedAt: z.int(),
  /** Null: never since the hub started. */
  lastSeen: z.int().nullable(),
  version: z.string(),
  address: z.string().nullable(),
  lagMs: z.number().nullable(),
  skewMs: z.number().nullable(),
  /** Records its spool holds besides, as its newest batch said. */
  waiting: z.int().min(0).nullable(),
  /** What is wrong, one sentence; null: nothing. */
  trouble: z.string().nullable(),
});
export type AgentEntry = z.infer<typeof agentEntry>;
export const agentsAnswer = z.object({ agents: z.array(agentEntry) });

/** `POST /api/v1/upstreams`: a hub or agent elsewhere that this hub reads. */
export const upstreamRequest = z.object({
  /** An origin, a stream's address, or a share link. */
  url: z.string().trim().min(1).max(2048),
  token: z.string().trim().min(1).max(512).nullable().default(null),
  /** The public-key pin the owner has confirmed; null: the certificate must be one the system trusts. */
  pin: z.string().max(128).nullable().default(null),
  group: z.string().trim().max(64).nullable().default(null),
});
export type UpstreamRequest = z.infer<typeof upstreamRequest>;

/** `POST /api/v1/upstreams/probe` with a url: what stands there, before any token is sent. */
export const upstreamProbe = z.object({
  origin: z.string(),
  /** Null: plain HTTP. */
  certificate: z
    .object({
      pin: z.string(),
      fingerprint: z.string(),
      isTrusted: z.boolean(),
      subject: z.string(),
      expires: z.int(),
    })
    .nullable(),
});
export type UpstreamProbe = z.infer<typeof upstreamProbe>;

export const upstreamEntry = z.object({
  id: z.string().regex(/^[a-z0-9]{8}$/),
  origin: z.string(),
  state: z.enum(['connecting', 'live', 'waiting', 'refused', 'incompatible', 'paused']),
  /** Where it is not live: why, and what to do. */
  reason: z.string().nullable(),
  since: z.int(),
  hubVersion: z.string().nullable(),
  pin: z.string().nullable(),
  hosts: z.array(hostId),
  lagMs: z.number().nullable(),
  /** Events that did not fit their schemas since this hub started, and were left out. */
  skipped: z.int().min(0).optional(),
});
export type UpstreamEntry = z.infer<typeof upstreamEntry>;
export const upstreamsAnswer = z.object({ upstreams: z.array(upstreamEntry) });

/** `PATCH /api/v1/upstreams/:id`: its hosts stay, and go offline. */
export const upstreamChange = z.object({ paused: z.boolean() });

/** `PATCH /api/v1/hosts/:id`: what is left out stays. */
export const hostChange = z.object({
  /** Null: the machine's own name again. */
  name: z.string().trim().min(1).max(255).nullable().optional(),
  group: z.string().trim().min(1).max(64).nullable().optional(),
  tags: z.array(z.string().trim().min(1).max(64)).max(32).optional(),
  paused: z.boolean().optional(),
});
export type HostChange = z.infer<typeof hostChange>;
