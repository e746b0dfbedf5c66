/** What a share's stream says about why nothing is shown. */
import type { Obstacle } from '../session/entrance.ts';
import type { Connection } from '../stream/connection.ts';

/** Null: the page can be shown. */
export function obstacleOf(connection: Connection): Obstacle | null {
  switch (connection.phase) {
    case 'ended':
      return { why: connection.reason, retryAt: null };
    case 'held':
      return { why: connection.reason, retryAt: connection.retryAt };
    // A hub that does not even know the share's session by name.
    case 'signed-out':
      return { why: 'no-session', retryAt: null };
    default:
      return null;
  }
}
