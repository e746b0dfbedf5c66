/** What the address this page was opened with says about coming in: a ticket of the owner's, or the link of a share. */
import type { BundlePage } from '../bundle/bundle-page.ts';
import { takeTicket } from './launch-ticket.ts';
import { shareOfPage, takeShareSecret } from './share-address.ts';

export interface Entry {
  /** Null: the owner's page. */
  share: string | null;
  /** A launch ticket on the owner's page, a secret on a share's; null: this browser has been here before, or has nothing. */
  key: string | null;
  /** What this page shows in the place of a hub; null: it shows one. */
  bundle: BundlePage | null;
}

/** The address is clean afterwards. Call it before the router, or anything else, sees the address. */
export function takeEntry(page: { location: Location; history: History }): Entry {
  const share = shareOfPage(page.location.pathname);
  return { share, key: share === null ? takeTicket(page) : takeShareSecret(page), bundle: null };
}
