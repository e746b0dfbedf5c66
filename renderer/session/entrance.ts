/**
 * Coming in: what the link holds is swapped for a session first, then the stream is started. Whatever stands in the way is told, and
 * what may pass is tried again, with the secret kept in this page's memory and nowhere else.
 */
import { onScopeDispose, shallowRef, type Ref, type ShallowRef } from 'vue';
import { backoffMs } from '../stream/backoff.ts';
import { renewSessionMark } from '../stream/session-mark.ts';
import type { Entry } from './entry.ts';
import { swapTicket, type TicketOutcome } from './launch-ticket.ts';
import { isShareId } from './share-address.ts';
import { HELD_RETRY_MS, mayGoOn, type ShareEnd } from './share-end.ts';
import { swapShareSecret, type SwapOutcome } from './share-session.ts';

/** `retryAt`: when it is tried again, epoch milliseconds of this machine; null: not by itself. */
export interface Obstacle {
  why: ShareEnd | 'unreachable' | 'busy';
  retryAt: number | null;
}

export interface Entrance {
  /** What stands between a share's link and its page; null: nothing, or it is not known yet. */
  readonly obstacle: ShallowRef<Obstacle | null>;
  /** What became of the owner's ticket; null: there was none. */
  readonly ticket: ShallowRef<TicketOutcome | null>;
  retryNow(): void;
}

export interface EntranceOptions {
  entry: Entry;
  /** What a viewer calls himself; '': he does not say. */
  name: Readonly<Ref<string>>;
  /** Opens the stream. */
  start: () => void;
}

/** Lives as long as the scope it is made in. */
export function openEntrance({ entry: { share, key }, name, start }: EntranceOptions): Entrance {
  const obstacle: ShallowRef<Obstacle | null> = shallowRef(null);
  const ticket: ShallowRef<TicketOutcome | null> = shallowRef(null);
  let secret = share === null ? null : key;
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  if (share === null) void signIn();
  else void enter(share);
  onScopeDispose(() => clearTimeout(timer));
  return { obstacle, ticket, retryNow };

  /** A refused ticket does not stop the page: this browser may hold a session from before. */
  async function signIn(): Promise<void> {
    if (key !== null) ticket.value = await swapTicket(key);
    if (ticket.value?.kind === 'accepted') renewSessionMark();
    start();
  }

  async function enter(id: string): Promise<void> {
    clearTimeout(timer);
    if (!isShareId(id)) {
      obstacle.value = { why: 'wrong-link', retryAt: null };
      return;
    }
    if (secret !== null) {
      const outcome = await swapShareSecret(id, secret, name.value);
      if (outcome.kind !== 'accepted') {
        stand(outcome);
        return;
      }
      secret = null;
      renewSessionMark(id);
    }
    obstacle.value = null;
    start();
  }

  function stand(outcome: Exclude<SwapOutcome, { kind: 'accepted' }>): void {
    const why = outcome.kind === 'refused' ? outcome.end : outcome.kind;
    if (outcome.kind === 'refused' && !mayGoOn(outcome.end)) {
      secret = null;
      obstacle.value = { why, retryAt: null };
      return;
    }
    const leastMs = outcome.retryAfterMs ?? (outcome.kind === 'refused' ? HELD_RETRY_MS : 0);
    const delayMs = leastMs + backoffMs(attempt++);
    obstacle.value = { why, retryAt: Date.now() + delayMs };
    timer = setTimeout(() => void enter(share!), delayMs);
  }

  function retryNow(): void {
    attempt = 0;
    if (share !== null && obstacle.value !== null) void enter(share);
  }
}
