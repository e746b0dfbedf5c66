/**
 * The file that `watchline open` serves. Its address is printed with a key in the fragment (`/bundle/#key=...`), which leaves the address
 * at once and stays with this tab, so that the page can be loaded again.
 */
import { BundleError } from '../../../shared/bundle/bundle-error.ts';
import { BUNDLE_FILE_PATH } from '../../../shared/bundle/bundle-record.ts';
import { bundleMessages } from '../bundle-messages.ts';
import { writeTabBundle } from './tab-bundle.ts';

/** Of loopback, so only a disk can be slow. */
const TIMEOUT_MS = 60_000;

/** Call it before anything else sees the address. Nothing happens where it holds no key. */
export function takeServedKey({ location, history }: { location: Location; history: History }): void {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key === null) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  writeTabBundle({ kind: 'served', key });
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
