/** A share link as a token: what tools and other hubs make of `/s/<id>#<secret>`. */
import { shareTokenPattern } from './share-terms.ts';

/**
 * Null: it is no share link. `cut`: it is one, but its secret is missing or not whole, as in what a browser shows in its address line once
 * the page has taken the secret.
 */
export function shareTokenIn({
  pathname,
  hash,
}: {
  pathname: string;
  hash: string;
}): `wls_${string}` | 'cut' | null {
  const id = /^\/s\/([^/]+)(?:\/|$)/.exec(pathname)?.[1];
  if (id === undefined) return null;
  const token = `wls_${id}_${hash.slice(1)}` as const;
  return shareTokenPattern.test(token) ? token : 'cut';
}
