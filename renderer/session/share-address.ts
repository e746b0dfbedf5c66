/**
 * The address of a share's page, `/s/<id>/...`, and the secret in the link that leads there (`/s/<id>#<secret>`). The address says
 * which share a page is of, so several of them, and the owner's own, can be open side by side in one browser.
 */
import { paths } from '../../shared/protocol.ts';
import { shareHeader, shareParameter } from '../../shared/share-terms.ts';
import { shareId } from '../../shared/schema/shares.ts';

/** What stands after `/s/` in the page's address, whether or not it can be the id of a share; null: the owner's page. */
export function shareOfPage(pathname: string = location.pathname): string | null {
  const [, prefix, id] = pathname.split('/', 3);
  return `/${prefix}` === paths.sharePage && id !== undefined ? id : null;
}

/** False: this link cannot lead anywhere, so nobody needs to be asked. */
export function isShareId(id: string): boolean {
  return shareId.safeParse(id).success;
}

/** Where the screens of this page begin: '/', or below the share. */
export function pageBase(share: string | null): string {
  return share === null ? '/' : `${paths.sharePage}/${encodeURIComponent(share)}/`;
}

/** A shorter fragment is a place in the page, as of the link that skips to its content. */
const LEAST_SECRET = 16;

/**
 * What of a link follows the `#`; the address is cleaned at once, so that the history never keeps it. Null: nothing that could be a
 * secret, whole or cut short. Full stops and brackets that a message set behind the link are no part of it.
 */
export function takeShareSecret(page: { location: Location; history: History }): string | null {
  const { location, history } = page;
  const secret = location.hash.slice(1).replace(/[^\w-]+$/, '');
  if (secret.length < LEAST_SECRET) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return secret;
}

/** Says on REST which share's session counts; none: the owner's. */
export function shareHeaders(share: string | null = shareOfPage()): Record<string, string> {
  return share === null ? {} : { [shareHeader]: share };
}

/** The same where a header cannot be set: streams, and polls with them. */
export function addShare(query: URLSearchParams, share: string | null = shareOfPage()): URLSearchParams {
  if (share !== null) query.set(shareParameter, share);
  return query;
}
