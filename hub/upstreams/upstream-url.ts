/** What people paste as the address of another hub: its origin, its stream, its dashboard in the browser, or a link somebody shared. */
import { paths } from '../../shared/protocol.ts';
import { shareTokenIn } from '../../shared/share-link.ts';
import { RefusedTargetError } from './refused-target-error.ts';

export interface UpstreamAddress {
  /** Of the hub. */
  origin: URL;
  /** The token that a share link is; null: it is none. */
  token: string | null;
}

/** Throws a `RefusedTargetError` that says what is wrong with the address. */
export function parseUpstreamUrl(text: string): UpstreamAddress {
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
  const wantsToken = url.hash.startsWith('#ticket=');
  if (wantsToken) {
    throw refused(
      'This is an address for opening the dashboard once, in a browser.',
      "Give the hub's address without what follows it, and its token beside it.",
    );
  }
  return { origin: new URL(url.origin), token: shareTokenOf(url) };
}

function shareTokenOf(url: URL): string | null {
  const token = shareTokenIn(url);
  if (token !== 'cut') return token;
  throw refused(
    'This share link is not whole: what follows the "#" is its key, and it is missing or cut.',
    'Paste the link as it was sent to you, or ask whoever shared it for a new one.',
  );
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
