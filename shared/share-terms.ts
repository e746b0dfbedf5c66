/** Bounds, names and codes of share links that no schema holds. */
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
