/** One question of long-polling: what came after this place? */
import { parsePollBody, type PollEvent } from '../../shared/poll.ts';
import { paths } from '../../shared/protocol.ts';
import { addShare } from '../session/share-address.ts';
import { refusalOf, unreachable, type Refusal } from './refusal.ts';

export interface PollQuestion {
  /** Origin of the hub; '' for the page's own. */
  base: string;
  /** The share this page is of; null: the owner's page. */
  share: string | null;
  /** '': begin with a snapshot. */
  cursor: string;
  /** Seconds the hub may wait for something to tell. 0: answer at once. */
  waitSeconds: number;
  /** Seconds of samples a snapshot should carry; null: the hub's own default. */
  recentSeconds: number | null;
  signal: AbortSignal;
}

export interface PollAnswer {
  kind: 'answer';
  /** At least one. */
  events: PollEvent[];
}

/** Beyond the wait that was asked for, for the network. A proxy's own limit is its business. */
const patienceMs = 10_000;

/** Never throws; an aborted question counts as `unreachable`. */
export async function askPoll(question: PollQuestion): Promise<PollAnswer | Refusal> {
  const { base, share, cursor, waitSeconds, recentSeconds, signal } = question;
  const query = addShare(new URLSearchParams({ wait: String(waitSeconds) }), share);
  if (cursor !== '') query.set('cursor', cursor);
  if (recentSeconds !== null) query.set('recent', String(recentSeconds));
  try {
    const answer = await fetch(`${base}${paths.poll}?${query.toString()}`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(waitSeconds * 1000 + patienceMs)]),
      cache: 'no-store',
      credentials: 'same-origin',
    });
    const events = answer.status === 200 ? parsePollBody(await answer.text()) : [];
    return events.length > 0 ? { kind: 'answer', events } : await refusalOf(answer);
  } catch {
    return unreachable;
  }
}
