/** Who may come in besides the owner: operator tokens, sessions, tickets; and what a caller is told about itself. */
import * as z from 'zod/mini';
import { hostId } from './host-id.ts';
import { channel } from './channel.ts';
import { roles, shareTold } from './stream.ts';

/** Tokens kept at a time. One more is refused. */
export const MAX_OPERATOR_TOKENS = 64;
export const MAX_TOKEN_SECONDS = 5 * 366 * 24 * 3600;
/** A ticket opens one stream within this time. */
export const TICKET_MS = 60_000;
/** The parameter of `GET /api/v1/stream` that holds one. */
export const ticketParameter = 'ticket';

/** `read`: see all hosts; `publish`: put notes and markers on the timeline; `manage`: change hosts, agents and upstreams. */
export const operatorScopes = ['read', 'publish', 'manage'] as const;
export const operatorScope = z.enum(operatorScopes);
export type OperatorScope = z.infer<typeof operatorScope>;

const tokenName = z.string().check(z.trim(), z.minLength(1), z.maxLength(100));

/** `POST /api/v1/tokens`. */
export const tokenRequest = z.strictObject({
  /** What it is for: "deploy script". */
  name: tokenName,
  scopes: z.array(operatorScope).check(z.minLength(1), z.maxLength(operatorScopes.length)),
  /** From now; null: until it is revoked. */
  expiresInSeconds: z._default(z.nullable(z.int().check(z.minimum(10), z.maximum(MAX_TOKEN_SECONDS))), null),
});
export type TokenRequest = z.input<typeof tokenRequest>;

/** An operator token as its owner sees it; nobody is told the token itself again. */
export const tokenEntry = z.object({
  id: z.string().check(z.regex(/^[a-z0-9]{12}$/)),
  name: z.string().check(z.maxLength(100)),
  scopes: z.array(operatorScope),
  createdAt: z.int(),
  /** Epoch milliseconds; null: until it is revoked. */
  expiresAt: z.nullable(z.int()),
  /** Since the hub started; null: not used. */
  lastSeenAt: z.nullable(z.int()),
  lastAddress: z.nullable(z.string().check(z.maxLength(64))),
});
export type TokenEntry = z.infer<typeof tokenEntry>;

/** `GET /api/v1/tokens`, newest first; those that have expired are listed until they are revoked. */
export const tokensAnswer = z.object({ tokens: z.array(tokenEntry) });

/** The answer to `POST /api/v1/tokens`: the only one that holds the token. */
export const tokenAnswer = z.object({ entry: tokenEntry, token: z.string() });
export type TokenAnswer = z.infer<typeof tokenAnswer>;

/** A browser that is logged in: the owner's, or a viewer's of a share. */
export const sessionEntry = z.object({
  id: z.string().check(z.regex(/^[a-z0-9]{12}$/)),
  /** Null: the owner's. Else the share it was opened with. */
  share: z.nullable(z.string()),
  /** What a viewer calls himself; null: he did not say, or it is the owner's. */
  name: z.nullable(z.string().check(z.maxLength(40))),
  /** True: the session that asks. */
  isOwn: z.boolean(),
  since: z.int(),
  lastSeenAt: z.int(),
  /** Null: not known. */
  address: z.nullable(z.string().check(z.maxLength(64))),
  /** As a person would say it: "Firefox on Linux"; null: not known. */
  browser: z.nullable(z.string().check(z.maxLength(64))),
});
export type SessionEntry = z.infer<typeof sessionEntry>;

/** `GET /api/v1/sessions`, seen last first. */
export const sessionsAnswer = z.object({ sessions: z.array(sessionEntry) });

/** `GET /api/v1/session`: who asks, as the hub sees it. */
export const whoAnswer = z.object({
  role: z.enum(roles),
  /** An operator token's name; null for all others. */
  name: z.nullable(z.string()),
  /** What it may do: all three for the owner, `read` for a viewer. */
  scopes: z.array(operatorScope),
  /** Of a viewer: the share it watches. */
  share: z.nullable(shareTold),
  channels: z.array(channel),
  /** Null: all of the hub's hosts. */
  hosts: z.nullable(z.array(hostId)),
});
export type WhoAnswer = z.infer<typeof whoAnswer>;

/** `POST /api/v1/tickets`. */
export const ticketAnswer = z.object({
  ticket: z.string(),
  expiresAt: z.int(),
  /** The stream's path with the ticket in it; parameters of the view may be added. */
  path: z.string(),
});
export type TicketAnswer = z.infer<typeof ticketAnswer>;

/** `POST /api/v1/session`: the one-time launch ticket, swapped for the session cookie. */
export const sessionRequest = z.object({ ticket: z.string().check(z.minLength(1), z.maxLength(256)) });
export type SessionRequest = z.infer<typeof sessionRequest>;
