/**
 * The file that `watchline open` serves. Its address is printed with a key in the fragment (`/bundle/#key=...`), which leaves the address
 * at once and stays with this tab, so that the page can be loaded again.
 */
import { BundleError } from '../../../shared/bundle/bundle-error.ts';
import { BUNDLE_FILE_PATH } from '../../../shared/bundle/bundle-record.ts';
import { bundleMessages } from '../bundle-messages.ts';

const TAB_KEY = 'watchline.bundle-key';
/** Of loopback, so only a disk can be slow. */
const TIMEOUT_MS = 60_000;

/** Null: this page was not opened by the command. */
export function takeServedKey({
  location,
  history,
}: {
  location: Location;
  history: History;
}): string | null {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key === null) return sessionStorage.getItem(TAB_KEY);
  history.replaceState(history.state, '', location.pathname + location.search);
  sessionStorage.setItem(TAB_KEY, key);
  return key;
}

/** Throws a `BundleError`, or an error whose message says that the command has ended. */
export async function servedFile(key: string): Promise<Blob> {
  const answer = await fetch(BUNDLE_FILE_PATH, {
    headers: { Authorization: `Bearer ${key}` },
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => null);
  if (answer === null) throw new Error(bundleMessages.open.gone);
  if (!answer.ok) throw new BundleError('bundle-unreadable');
  return answer.blob();
}
