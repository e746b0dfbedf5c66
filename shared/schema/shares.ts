/** Share links: what a teammate may see, for how long; who is watching; pointing at a moment. */
import * as z from 'zod';
import { hostId } from './host.ts';
import { reachBase } from './reach.ts';

/** Shares that are neither revoked nor expired. One more is refused. */
export const MAX_OPEN_SHARES = 64;
/** How long a link lives where nobody says otherwise: a working day. */
export const DEFAULT_SHARE_SECONDS = 8 * 3600;
export const MAX_SHARE_SECONDS = 366 * 24 * 3600;
/** How long a link of `POST /api/v1/shares/:id/preview` opens the page. */
export const PREVIEW_MS = 5 * 60_000;
/** How long a pointer is shown. */
export const POINTER_MS = 5 * 60_000;
/** A page tells of itself this often; who was not heard for three times as long is gone. */
export const PRESENCE_MS = 20_000;

export const shareId = z.string().regex(/^[a-z0-9]{12}$/);

/** What of a hub a share may show; the `state` of its hosts is always part of it. */
export const shareChannels = ['metrics', 'processes', 'logs'] as const;
export const shareChannel = z.enum(shareChannels);
export type ShareChannel = z.infer<typeof shareChannel>;

/** What is taken out of log lines, command lines and names. */
export const redaction = z.strictObject({
  /** Tokens, keys, passwords, card numbers. */
  secrets: z.boolean().default(true),
  emails: z.boolean().default(false),
  /** IP addresses. */
  addresses: z.boolean().default(false),
});
export type Redaction = z.infer<typeof redaction>;

const groupName = z.string().trim().min(1).max(64);

export const shareScope = z.strictObject({
  /** Hosts by id, and hosts by group, also those that join it later: a host of either is shown. Both null: all hosts. */
  hosts: z.array(hostId).min(1).max(256).nullable().default(null),
  groups: z.array(groupName).min(1).max(64).nullable().default(null),
  channels: z
    .array(shareChannel)
    .min(1)
    .max(shareChannels.length)
    .default([...shareChannels]),
  /** In the language of the log screen's filter: lines that do not match are not shown. Null: all are. */
  logFilter: z.string().trim().min(1).max(1024).nullable().default(null),
  redact: redaction.default({ secrets: true, emails: false, addresses: false }),
  /** True: hosts have made-up names, ids and no addresses. */
  hidesNames: z.boolean().default(false),
  /** `live`: nothing from before the viewer came. Else epoch milliseconds: nothing from before that. */
  since: z.union([z.literal('live'), z.int().min(0)]).default('live'),
});
export type ShareScope = z.infer<typeof shareScope>;

const label = z.string().trim().min(1).max(100);
/** From now; null: until it is revoked. */
const seconds = z.int().min(1).max(MAX_SHARE_SECONDS).nullable();
/** Viewers at a time; null: any number. */
const viewerLimit = z.int().min(1).max(10_000).nullable();

/** `POST /api/v1/shares`. */
export const shareRequest = z.strictObject({
  label,
  /** Who shares, as viewers read it: "Ana". */
  by: z.string().trim().max(64).default(''),
  scope: shareScope.prefault({}),
  expiresInSeconds: seconds.default(DEFAULT_SHARE_SECONDS),
  maxViewers: viewerLimit.default(null),
});
export type ShareRequest = z.input<typeof shareRequest>;
/** With what was left out filled in. */
export type NewShare = z.infer<typeof shareRequest>;

/** `PATCH /api/v1/shares/:id`: what is left out stays. What a link shows never changes: for that a new one is made. */
export const shareChange = z.strictObject({
  label: label.optional(),
  /** True: viewers see nothing until it goes on. */
  isPaused: z.boolean().optional(),
  expiresInSeconds: seconds.optional(),
  maxViewers: viewerLimit.optional(),
});
export type ShareChange = z.infer<typeof shareChange>;

/** A share as its owner sees it; nobody is told its secret again. */
export const share = z.object({
  id: shareId,
  label: z.string().max(100),
  by: z.string().max(64),
  scope: shareScope,
  createdAt: z.int(),
  /** Epoch milliseconds; null: until it is revoked. */
  expiresAt: z.int().nullable(),
  isPaused: z.boolean(),
  revokedAt: z.int().nullable(),
  maxViewers: z.int().min(1).nullable(),
  state: z.enum(['open', 'paused', 'expired', 'revoked']),
  /** Watching at this moment. */
  viewers: z.int().min(0),
  /** When somebody came for the first time, and was seen last; null: nobody ever has. */
  firstSeenAt: z.int().nullable(),
  lastSeenAt: z.int().nullable(),
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
  authority: z.string().nullable(),
});
export type ShareAnswer = z.infer<typeof shareAnswer>;

/** `POST /api/v1/shares/:id/preview`: what the owner opens to see what viewers see. */
export const previewAnswer = z.object({ link: z.string(), expiresAt: z.int() });
export type PreviewAnswer = z.infer<typeof previewAnswer>;

/** `DELETE /api/v1/shares`: how many links it ended. */
export const revokedAnswer = z.object({ revoked: z.int().min(0) });
export type RevokedAnswer = z.infer<typeof revokedAnswer>;

export const MAX_VIEWER_NAME = 40;
/** What a viewer calls himself. */
export const viewerName = z.string().trim().min(1).max(MAX_VIEWER_NAME);

/** `POST /s/<id>/session`: the secret of the fragment, swapped for a cookie. */
export const shareSessionRequest = z.strictObject({
  secret: z.string().min(1).max(128),
  name: viewerName.nullish(),
});
export type ShareSessionRequest = z.infer<typeof shareSessionRequest>;

/** The codes of answers about shares that a page tells apart. */
export const shareProblems = {
  /** 401: the secret is wrong, or there is no such share. */
  wrongLink: 'wrong-share-link',
  /** 401: the link was right, but this browser has no session of it, or its session was ended: open the link again. */
  noSession: 'no-share-session',
  /** 403, and nothing to wait for. */
  revoked: 'share-revoked',
  expired: 'share-expired',
  /** 403 with Retry-After: the owner may let it go on. */
  paused: 'share-paused',
  /** 429 with Retry-After: as many are watching as may. */
  full: 'share-full',
} as const;

/** Which share's cookie counts for a request: a header on REST, `?share=` on streams and polls. Without: the owner's. */
export const shareHeader = 'x-watchline-share';
export const shareParameter = 'share';

/** Of a bearer token of a share: `wls_<id>_<secret>`. */
export const shareTokenPattern = /^wls_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;

export const viewer = z.object({
  id: z.string().max(64),
  share: shareId,
  name: viewerName.nullable(),
  since: z.int(),
  lastSeen: z.int(),
  /** The path of the screen before its eyes: "/hosts/web-1". Null: it did not say, as tools do not. */
  screen: z.string().max(128).nullable(),
});
export type Viewer = z.infer<typeof viewer>;

/** Who watches one share: an event with every change. */
export const presence = z.object({
  share: shareId,
  count: z.int().min(0),
  /** Null for viewers: they are told the number alone. */
  viewers: z.array(viewer).max(256).nullable(),
});
export type Presence = z.infer<typeof presence>;

/** `POST /api/v1/presence`, every `PRESENCE_MS` and with every change of screen. */
export const presenceRequest = z.strictObject({
  name: viewerName.nullish(),
  screen: z
    .string()
    .max(128)
    .regex(/^\/[\w\-./]*$/)
    .nullish(),
});
export type PresenceRequest = z.infer<typeof presenceRequest>;

/** A moment that somebody shows the others. */
export const pointer = z.object({
  id: z.string().regex(/^[a-z0-9]{8,32}$/),
  /** Epoch milliseconds it points at. */
  time: z.int(),
  /** The host, and of it the series, it points at; null: all of them. */
  host: hostId.nullable(),
  series: z.string().max(256).nullable(),
  /** Who points: "Ana"; empty: nobody said. */
  by: z.string().max(64),
  role: z.enum(['owner', 'viewer', 'operator']),
  /** When it was set, and when it goes away, in epoch milliseconds. */
  since: z.int(),
  until: z.int(),
});
export type Pointer = z.infer<typeof pointer>;

/** `POST /api/v1/pointers`; answered with the `pointer`. */
export const pointerRequest = z.strictObject({
  time: z.int(),
  host: hostId.nullish(),
  series: z
    .string()
    .max(256)
    .regex(/^[\w.:/@+ -]+$/)
    .nullish(),
  /** Who points; left out: the name that was told with the presence. */
  name: viewerName.nullish(),
});
export type PointerRequest = z.infer<typeof pointerRequest>;
