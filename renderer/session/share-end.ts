/** Why a share shows nothing, by the code of the hub's answer. */
import { shareProblems } from '../../shared/share-terms.ts';
import { problem } from '../../shared/snapshot.ts';

/**
 * - `revoked`, `expired`: it is over;
 * - `wrong-link`: there is no such share, or the secret is not its own;
 * - `no-session`: this browser has to open the link again;
 * - `paused`, `full`: it may go on by itself.
 */
export type LastingEnd = 'revoked' | 'expired' | 'wrong-link' | 'no-session';
export type PassingEnd = 'paused' | 'full';
export type ShareEnd = LastingEnd | PassingEnd;

const ends = new Map<string, ShareEnd>([
  [shareProblems.wrongLink, 'wrong-link'],
  [shareProblems.noSession, 'no-session'],
  [shareProblems.revoked, 'revoked'],
  [shareProblems.expired, 'expired'],
  [shareProblems.paused, 'paused'],
  [shareProblems.full, 'full'],
]);

/** Where the hub does not say when to ask again. */
export const HELD_RETRY_MS = 10_000;

/** Those that are waited out. */
export function mayGoOn(end: ShareEnd): end is PassingEnd {
  return end === 'paused' || end === 'full';
}

/** Null: the answer is about something else. Reads the answer's body. Never throws. */
export async function shareEndOf(answer: Response): Promise<ShareEnd | null> {
  if (![401, 403, 404, 429].includes(answer.status)) return null;
  const body = problem.safeParse(await answer.json().catch(() => null));
  return body.success ? (ends.get(body.data.error.code) ?? null) : null;
}
