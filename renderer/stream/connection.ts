/** What the page's stream is doing, as the connection pill tells it. */
import type { Bye } from '../../shared/schema/stream.ts';
import type { LastingEnd, PassingEnd } from '../session/share-end.ts';

export type Connection =
  | { phase: 'connecting' }
  /** Connected; the snapshot or the replay is still coming. */
  | { phase: 'catching-up' }
  | { phase: 'live'; via: 'stream' }
  /** The same events by long-polling, because of `why`. `retryAt`: when the stream is tried again, epoch milliseconds. */
  | { phase: 'live'; via: 'polling'; why: PollingReason; retryAt: number }
  /** Disconnected; `retryAt` is epoch milliseconds of this machine. */
  | { phase: 'waiting'; reason: WaitReason; retryAt: number }
  /** The hub does not know this browser. Stays so until `retryNow`. */
  | { phase: 'signed-out' }
  /** The hub speaks another protocol than this page: reload it. */
  | { phase: 'incompatible'; hubProtocol: number }
  /** The hub ended this reader's access, or this share shows this browser nothing. Stays so until `retryNow`. */
  | { phase: 'ended'; reason: Extract<Bye['reason'], 'revoked' | 'expired'> | LastingEnd }
  /** The share shows nothing for now: asked again at `retryAt`, epoch milliseconds of this machine. */
  | { phase: 'held'; reason: PassingEnd; retryAt: number };

/**
 * - `unreachable`: nothing answers;
 * - `interrupted`: the stream broke off;
 * - `silent`: connected, but nothing came for longer than three heartbeats;
 * - `busy`: the hub, or a proxy before it, answers but refuses for now;
 * - `intercepted`: something that is no hub answers in its place, such as a proxy's sign-in page;
 * - `restarting`: the hub said it would be back.
 */
export type WaitReason = 'unreachable' | 'interrupted' | 'silent' | 'busy' | 'intercepted' | 'restarting';

/**
 * Why the page polls although the hub answers:
 * - `held-back`: an opened stream brought no `hello`;
 * - `late`: a stream brought events later than a question asked meanwhile;
 * - `refused`: the stream's address is answered with something else;
 * - `cut-short`: streams end soon after they began.
 */
export type PollingReason = 'held-back' | 'late' | 'refused' | 'cut-short';

/**
 * Whose connection it is:
 * - `own`: this tab's alone, because the browser cannot share one;
 * - `leader`: this tab's, and other tabs listen to it;
 * - `follower`: another tab's, this one listens.
 */
export type TabRole = 'own' | 'leader' | 'follower';
