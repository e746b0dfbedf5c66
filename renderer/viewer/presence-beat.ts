/** A viewer's page tells the hub that somebody sits before it: which screen, and by which name. Hidden pages keep silent. */
import { onScopeDispose, watch, type Ref } from 'vue';
import { paths } from '../../shared/protocol.ts';
import { PRESENCE_MS } from '../../shared/share-terms.ts';
import type { PresenceRequest } from '../../shared/schema/shares.ts';
import { askHub } from '../app/ask-hub.ts';
import type { Session } from '../session/session.ts';
import type { Connection } from '../stream/connection.ts';

export interface PresenceBeatOptions {
  session: Pick<Session, 'share' | 'name'>;
  connection: Readonly<Ref<Connection>>;
  /** The path of the screen, as the router has it: "/host/web-1". */
  screen: () => string;
}

/** What the hub takes as a screen. */
const SCREEN = /^\/[\w\-./]{0,127}$/;

/** Lives as long as the scope it is made in. Does nothing on the owner's page. */
export function keepPresence({ session, connection, screen }: PresenceBeatOptions): void {
  if (session.share === null) return;
  const timer = setInterval(tell, PRESENCE_MS);
  document.addEventListener('visibilitychange', tell);
  watch([() => connection.value.phase === 'live', screen, session.name], tell);
  onScopeDispose(() => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', tell);
  });

  function tell(): void {
    if (document.hidden || connection.value.phase !== 'live') return;
    const path = screen();
    const body: PresenceRequest = {
      name: session.name.value.trim() || null,
      screen: SCREEN.test(path) ? path : null,
    };
    // One that could not be told is followed by the next; that the share is over comes by the stream.
    void askHub(paths.presence, null, { method: 'POST', body });
  }
}
