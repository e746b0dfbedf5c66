/** What the page of a bundle is given in the place of a hub, and how its parts learn that it is one. */
import { inject, type InjectionKey } from 'vue';
import type { Bundle } from '../../shared/bundle/bundle.ts';
import type { LiveStream } from '../app/live-stream.ts';
import type { Dashboard } from '../store/dashboard.ts';
import type { HubClock } from '../store/hub-clock.ts';

/** Where the page of a bundle begins; any hub serves it, and so does `watchline open`. */
export const BUNDLE_PAGE = '/bundle/';

export interface BundlePage {
  readonly bundle: Bundle;
  /** Stands still at the end of the window: all ages are as of then. */
  readonly clock: HubClock;
  /** In the place of a stream: all of it, at once. */
  openStream(dashboard: Dashboard): LiveStream;
  /** Leaves the bundle; null: there is nothing else to go to. */
  readonly close: (() => void) | null;
}

export const bundlePageKey: InjectionKey<BundlePage> = Symbol('bundle page');

/** Null on the page of a hub. */
export function useBundlePage(): BundlePage | null {
  return inject(bundlePageKey, null);
}

export function isBundlePage(pathname: string): boolean {
  return pathname === BUNDLE_PAGE.slice(0, -1) || pathname.startsWith(BUNDLE_PAGE);
}
