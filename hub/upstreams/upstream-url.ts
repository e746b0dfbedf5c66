/** What people paste as the address of another hub: its origin, its stream, or its dashboard in the browser. */
import { paths } from '../../shared/protocol.ts';
import { RefusedTargetError } from './refused-target-error.ts';

/** The hub's origin. Throws a `RefusedTargetError` that says what is wrong with the address. */
export function parseUpstreamUrl(text: string): URL {
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw refused(
      `${JSON.stringify(text.slice(0, 200))} is no address of a hub.`,
      'Give one like https://web-1.example:7443.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw refused(
      'The address holds a user name or password, which a hub does not know.',
      'Leave out the part before "@", and give the hub\'s token beside the address.',
    );
  }
  if (/^\/s\/[^/]+\/?$/.test(url.pathname)) {
    throw refused(
      'This is a share link, and this version cannot read one yet.',
      "Ask the owner for the hub's token, and give the hub's address with it.",
    );
  }
  const wantsToken = url.hash.startsWith('#ticket=');
  if (wantsToken) {
    throw refused(
      'This is an address for opening the dashboard once, in a browser.',
      "Give the hub's address without what follows it, and its token beside it.",
    );
  }
  return new URL(url.origin);
}

/** Of all channels; `recentSeconds` of samples in a snapshot. */
export function streamUrlOf(origin: URL, recentSeconds: number, channels: string | null = null): URL {
  const url = new URL(paths.stream, origin);
  url.searchParams.set('recent', String(recentSeconds));
  if (channels !== null) url.searchParams.set('channels', channels);
  return url;
}

function refused(message: string, remedy: string): RefusedTargetError {
  return new RefusedTargetError('bad-upstream-url', message, remedy);
}
