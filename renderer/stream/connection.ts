/** What the page's stream is doing, as the connection pill tells it. */
import type { Bye } from '../../shared/schema/stream.ts';

export type Connection =
  | { phase: 'connecting' }
  /** Connected; the snapshot or the replay is still coming. */
  | { phase: 'catching-up' }
  | { phase: 'live' }
  /** Disconnected; `retryAt` is epoch milliseconds of this machine. */
  | { phase: 'waiting'; reason: WaitReason; retryAt: number }
  /** The hub does not know this browser. Stays so until `retryNow`. */
  | { phase: 'signed-out' }
  /** The hub speaks another protocol than this page: reload it. */
  | { phase: 'incompatible'; hubProtocol: number }
  /** The hub ended this reader's access for good. */
  | { phase: 'ended'; reason: Extract<Bye['reason'], 'revoked' | 'expired'> };

/**
 * - `unreachable`: nothing answers;
 * - `interrupted`: the stream broke off;
 * - `silent`: connected, but nothing came for longer than three heartbeats;
 * - `busy`: the hub, or a proxy before it, answers but refuses for now;
 * - `restarting`: the hub said it would be back.
 */
export type WaitReason = 'unreachable' | 'interrupted' | 'silent' | 'busy' | 'restarting';
