/** The secret of a share's link, swapped for the session cookie of that share. */
import { paths } from '../../shared/protocol.ts';
import type { ShareSessionRequest } from '../../shared/schema/shares.ts';
import { shareEndOf, type ShareEnd } from './share-end.ts';

/** `busy`: asked too often or too much at once; `unreachable`: nothing that could be understood came back. Both: ask again. */
export type SwapOutcome =
  | { kind: 'accepted' }
  | { kind: 'refused'; end: ShareEnd; retryAfterMs: number | null }
  | { kind: 'busy' | 'unreachable'; retryAfterMs: number | null };

const TIMEOUT_MS = 10_000;

/** `name`: what the viewer calls himself; '': he does not say. `base`: origin of the hub, '' for the page's own. Never throws. */
export async function swapShareSecret(
  share: string,
  secret: string,
  name: string,
  base = '',
): Promise<SwapOutcome> {
  const request: ShareSessionRequest = { secret, ...(name !== '' && { name }) };
  try {
    const answer = await fetch(`${base}${paths.sharePage}/${share}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      credentials: 'same-origin',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.ok) return { kind: 'accepted' };
    const seconds = Number(answer.headers.get('retry-after') ?? NaN);
    const retryAfterMs = Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : null;
    const end = await shareEndOf(answer);
    if (end !== null) return { kind: 'refused', end, retryAfterMs };
    // A secret that cannot even be read as one was cut short or garbled on its way.
    if (answer.status === 400) return { kind: 'refused', end: 'wrong-link', retryAfterMs: null };
    return { kind: answer.status === 429 ? 'busy' : 'unreachable', retryAfterMs };
  } catch {
    return { kind: 'unreachable', retryAfterMs: null };
  }
}
