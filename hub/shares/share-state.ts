/** What has become of a share, as of now. */
import type { KeptShare } from '../../shared/schema/kept-shares.ts';
import type { Share } from '../../shared/schema/shares.ts';

type Dates = Pick<KeptShare, 'revokedAt' | 'expiresAt' | 'isPaused'>;

export function stateOf({ revokedAt, expiresAt, isPaused }: Dates): Share['state'] {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt !== null && Date.now() >= expiresAt) return 'expired';
  return isPaused ? 'paused' : 'open';
}

/** Revoked or expired: it stays that. */
export function isOver(dates: Dates): boolean {
  const state = stateOf(dates);
  return state === 'revoked' || state === 'expired';
}

/** Of one that is over: since when, in epoch milliseconds. */
export function endOf({ revokedAt, expiresAt }: Dates): number {
  return revokedAt ?? expiresAt ?? Infinity;
}
