/** Share links: what a teammate may see, for how long; who is watching; pointing at a moment. */
import * as z from 'zod/mini';
import { hostId } from './host-id.ts';
import { DEFAULT_SHARE_SECONDS, MAX_SHARE_SECONDS } from '../share-terms.ts';
import { reachBase } from './reach.ts';

export const shareId = z.string().check(z.regex(/^[a-z0-9]{12}$/));

/** What of a hub a share may show; the `state` of its hosts is always part of it. */
export const shareChannels = ['metrics', 'processes', 'logs'] as const;
export const shareChannel = z.enum(shareChannels);
export type ShareChannel = z.infer<typeof shareChannel>;

/** What is taken out of log lines, command lines and names. */
export const redaction = z.strictObject({
  /** Tokens, keys, passwords, card numbers. */
  secrets: z._default(z.boolean(), true),
  emails: z._default(z.boolean(), false),
  /** IP addresses. */
  addresses: z._default(z.boolean(), false),
});
export type Redaction = z.infer<typeof redaction>;

const groupName = z.string().check(z.trim(), z.minLength(1), z.maxLength(64));

export const shareScope = z.strictObject({
  /** Hosts by id, and hosts by group, also those that join it later: a host of either is shown. Both null: all hosts. */
  hosts: z._default(z.nullable(z.array(hostId).check(z.minLength(1), z.maxLength(256))), null),
  groups: z._default(z.nullable(z.array(groupName).check(z.minLength(1), z.maxLength(64))), null),
  channels: z._default(z.array(shareChannel).check(z.minLength(1), z.maxLength(shareChannels.length)), [
    ...shareChannels,
  ]),
  /** In the language of the log screen's filter: lines that do not match are not shown. Null: all are. */
  logFilter: z._default(z.nullable(z.string().check(z.trim(), z.minLength(1), z.maxLength(1024))), null),
  redact: z._default(redaction, { secrets: true, emails: false, addresses: false }),
  /** True: hosts have made-up names, ids and no addresses. */
  hidesNames: z._default(z.boolean(), false),
  /** `live`: nothing from before the viewer came. Else epoch milliseconds: nothing from before that. */
  since: z._default(z.union([z.literal('live'), z.int().check(z.minimum(0))]), 'live'),
});
export type ShareScope = z.infer<typeof shareScope>;

const label = z.string().check(z.trim(), z.minLength(1), z.maxLength(100));
/** From now; null: until it is revoked. */
const seconds = z.nullable(z.int().check(z.minimum(1), z.maximum(MAX_SHARE_SECONDS)));
/** Viewers at a time; null: any number. */
const viewerLimit = z.nullable(z.int().check(z.minimum(1), z.maximum(10_000)));

/** `POST /api/v1/shares`. */
export const shareRequest = z.strictObject({
  label,
  /** Who shares, as viewers read it: "Ana". */
  by: z._default(z.string().check(z.trim(), z.maxLength(64)), ''),
  scope: z.prefault(shareScope, {}),
  expiresInSeconds: z._default(seconds, DEFAULT_SHARE_SECONDS),
  maxViewers: z._default(viewerLimit, null),
});
export type ShareRequest = z.input<typeof shareRequest>;
/** With what was left out filled in. */
export type NewShare = z.infer<typeof shareRequest>;

/** `PATCH /api/v1/shares/:id`: what is left out stays. What a link shows never changes: for that a new one is made. */
export const shareChange = z.strictObject({
  label: z.optional(label),
  /** True: viewers see nothing until it goes on. */
  isPaused: z.optional(z.boolean()),
  expiresInSeconds: z.optional(seconds),
  maxViewers: z.optional(viewerLimit),
});
export type ShareChange = z.infer<typeof shareChange>;

/** A share as its owner sees it; nobody is told its secret again. */
export const share = z.object({
  id: shareId,
  label: z.string().check(z.maxLength(100)),
  by: z.string().check(z.maxLength(64)),
  scope: shareScope,
  createdAt: z.int(),
  /** Epoch milliseconds; null: until it is revoked. */
  expiresAt: z.nullable(z.int()),
  isPaused: z.boolean(),
  revokedAt: z.nullable(z.int()),
  maxViewers: z.nullable(z.int().check(z.minimum(1))),
  state: z.enum(['open', 'paused', 'expired', 'revoked']),
  /** Watching at this moment. */
  viewers: z.int().check(z.minimum(0)),
  /** When somebody came for the first time, and was seen last; null: nobody ever has. */
  firstSeenAt: z.nullable(z.int()),
  lastSeenAt: z.nullable(z.int()),
});
export type Share = z.infer<typeof share>;

/** `GET /api/v1/shares`, newest first; those that are over for 30 days. */
export const sharesAnswer = z.object({ shares: z.array(share), base: reachBase });
export type SharesAnswer = z.infer<typeof sharesAnswer>;

/** The answer to `POST /api/v1/shares`: the only one that holds the secret. */
export const shareAnswer = z.object({
  share,
  base: reachBase,
  /** `<base>/s/<id>#<secret>` */
  link: z.string(),
  /** For tools: the stream's address, the token for `Authorization: Bearer`, and both as a line for a shell. */
  streamUrl: z.string(),
  token: z.string(),
  curl: z.string(),
  /** Where the hub's own authority has issued the certificate: what to save first, as `watchline-ca.crt`. Null: nothing. */
  authority: z.nullable(z.string()),
});
export type ShareAnswer = z.infer<typeof shareAnswer>;

/** `POST /api/v1/shares/:id/preview`: what the owner opens to see what viewers see. */
export const previewAnswer = z.object({ link: z.string(), expiresAt: z.int() });
export type PreviewAnswer = z.infer<typeof previewAnswer>;

/** `DELETE /api/v1/shares`: how many links it ended. */
export const revokedAnswer = z.object({ revoked: z.int().check(z.minimum(0)) });
export type RevokedAnswer = z.infer<typeof revokedAnswer>;

export const MAX_VIEWER_NAME = 40;
/** What a viewer calls himself. */
export const viewerName = z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_VIEWER_NAME));

/** `POST /s/<id>/session`: the secret of the fragment, swapped for a cookie. */
export const shareSessionRequest = z.strictObject({
  secret: z.string().check(z.minLength(1), z.maxLength(128)),
  name: z.nullish(viewerName),
});
export type ShareSessionRequest = z.infer<typeof shareSessionRequest>;

export const viewer = z.object({
  id: z.string().check(z.maxLength(64)),
  share: shareId,
  name: z.nullable(viewerName),
  since: z.int(),
  lastSeen: z.int(),
  /** The path of the screen before its eyes: "/hosts/web-1". Null: it did not say, as tools do not. */
  screen: z.nullable(z.string().check(z.maxLength(128))),
});
export type Viewer = z.infer<typeof viewer>;

/** Who watches one share: an event with every change. */
export const presence = z.object({
  share: shareId,
  count: z.int().check(z.minimum(0)),
  /** Null for viewers: they are told the number alone. */
  viewers: z.nullable(z.array(viewer).check(z.maxLength(256))),
});
export type Presence = z.infer<typeof presence>;

/** `POST /api/v1/presence`, every `PRESENCE_MS` and with every change of screen. */
export const presenceRequest = z.strictObject({
  name: z.nullish(viewerName),
  screen: z.nullish(z.string().check(z.maxLength(128), z.regex(/^\/[\w\-./]*$/))),
});
export type PresenceRequest = z.infer<typeof presenceRequest>;

/** A moment that somebody shows the others. */
export const pointer = z.object({
  id: z.string().check(z.regex(/^[a-z0-9]{8,32}$/)),
  /** Epoch milliseconds it points at. */
  time: z.int(),
  /** The host, and of it the series, it points at; null: all of them. */
  host: z.nullable(hostId),
  series: z.nullable(z.string().check(z.maxLength(256))),
  /** Who points: "Ana"; empty: nobody said. */
  by: z.string().check(z.maxLength(64)),
  role: z.enum(['owner', 'viewer', 'operator']),
  /** When it was set, and when it goes away, in epoch milliseconds. */
  since: z.int(),
  until: z.int(),
});
export type Pointer = z.infer<typeof pointer>;

/** `POST /api/v1/pointers`; answered with the `pointer`. */
export const pointerRequest = z.strictObject({
  time: z.int(),
  host: z.nullish(hostId),
  series: z.nullish(z.string().check(z.maxLength(256), z.regex(/^[\w.:/@+ -]+$/))),
  /** Who points; left out: the name that was told with the presence. */
  name: z.nullish(viewerName),
});
export type PointerRequest = z.infer<typeof pointerRequest>;
