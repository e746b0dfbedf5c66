/** What the door must know of shares. hub/shares/ answers it. */
import type { ShareTold } from '../../shared/schema/stream.ts';
import type { Session } from './sessions.ts';
import type { Sight } from './sight.ts';

/** A share that is open, as of the moment it was asked for. */
export interface ShareGrant {
  id: string;
  told: ShareTold;
  sight: Sight;
}

/** One who comes with a request: with a session, or as a tool, which is known by its address. */
export interface Visitor {
  session: Pick<Session, 'id' | 'name' | 'since' | 'isPreview'> | null;
  address: string;
}

export interface ShareDoor {
  /**
   * The share with this id. Null: there is none, or none any more. Throws a `ProblemError` (403, `share-revoked`, `share-expired`,
   * `share-paused`) where there is one, and it is not open.
   */
  grantOf(id: string): ShareGrant | null;
  /** Whether the secret with this SHA-256 opens the share, open or not; compared in constant time. */
  isSecretOf(id: string, secretHash: string): boolean;
  /** The visitor was let in. Throws a `ProblemError` (429, `share-full`) where it is one more than may watch. */
  admit(id: string, visitor: Visitor): void;
}
