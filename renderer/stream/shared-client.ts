/**
 * One stream per browser: the tabs of one hub, share, session and build have it together. The tab that leads has the stream client and
 * tells the others; when it goes, the next one begins where it is. Where tabs cannot share, each has its own.
 */
import type { StreamEvent } from '../../shared/events.ts';
import type { PollEvent } from '../../shared/poll.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol.ts';
import type { Connection, TabRole } from './connection.ts';
import type { Decoder } from './decode.ts';
import { createFollower, type Follower } from './follower.ts';
import { createIntake } from './intake.ts';
import { onSessionMark, readSessionMark } from './session-mark.ts';
import { createStreamClient, type StreamClient } from './stream-client.ts';
import { canShare, enterTabRoom, type TabMessage, type TabRoom } from './tab-room.ts';
import { defaultTiming, type StreamTiming } from './timing.ts';

export interface SharedClientOptions {
  /** Origin of the hub. Default '': the page's own. */
  base?: string;
  /** The share this page is of. Default null: the owner's page. */
  share?: string | null;
  /** Seconds of samples a snapshot should carry. Default null: the hub's own default. */
  recentSeconds?: number | null;
  decoder: Decoder;
  /** Called for every event, whichever tab's stream brought it; `id` is its cursor. */
  onEvent: (event: StreamEvent, id: string) => void;
  onConnection: (connection: Connection) => void;
  onRole: (role: TabRole) => void;
  timing?: Partial<StreamTiming>;
}

export type SharedClient = Omit<StreamClient, 'checkOverdue'>;

export function createSharedClient(options: SharedClientOptions): SharedClient {
  const { base = '', share = null, recentSeconds = null } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const intake = createIntake({ decoder: options.decoder, onEvent: options.onEvent, onTaken: tellTaken });
  let room: TabRoom | null = null;
  let client: StreamClient | null = null;
  let follower: Follower | null = null;
  let connection: Connection = { phase: 'connecting' };
  /** While this tab leads: another one listens, or may. A tab alone says nothing. */
  let hasCompany = false;
  let isStarted = false;
  const stopMark = onSessionMark(share, moveRoom);
  document.addEventListener('freeze', leave);
  document.addEventListener('resume', enter);
  window.addEventListener('pagehide', leave);
  window.addEventListener('pageshow', onPageShow);

  return {
    start() {
      isStarted = true;
      enter();
    },
    retryNow() {
      client?.retryNow();
      follower?.retryNow();
    },
    checkLiveness() {
      client?.checkLiveness();
      follower?.checkLeader();
    },
    close() {
      stopMark();
      document.removeEventListener('freeze', leave);
      document.removeEventListener('resume', enter);
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('pageshow', onPageShow);
      leave();
    },
  };

  function enter(): void {
    if (!isStarted || client !== null || room !== null) return;
    if (!canShare()) {
      options.onRole('own');
      startClient();
      return;
    }
    room = enterTabRoom({ name: roomName(base, share), onLead: lead, onFollow: follow, onMessage: hear });
  }

  /** A tab that is frozen, or kept for the Back button, must not hold what others wait for. */
  function leave(): void {
    endPart();
    room?.close();
    room = null;
  }

  function moveRoom(): void {
    leave();
    enter();
  }

  function onPageShow({ persisted }: PageTransitionEvent): void {
    if (persisted) enter();
  }

  function lead(): void {
    hasCompany = follower !== null;
    endPart();
    options.onRole(hasCompany ? 'leader' : 'own');
    startClient();
  }

  function follow(): void {
    endPart();
    options.onRole('follower');
    follower = createFollower({
      base,
      share,
      recentSeconds,
      intake,
      timing,
      onConnection: changed,
      post: (message) => room?.post(message),
      onLeaderLost: () => room?.takeLead(),
    });
  }

  function startClient(): void {
    client = createStreamClient({ base, share, recentSeconds, intake, timing, onConnection: changed });
    client.start();
  }

  function endPart(): void {
    client?.close();
    follower?.close();
    client = null;
    follower = null;
  }

  function hear(message: TabMessage): void {
    follower?.take(message);
    if (client === null) return;
    if (message.kind === 'ask') {
      if (!hasCompany) options.onRole('leader');
      hasCompany = true;
      client.checkOverdue();
      tellState();
    } else if (message.kind === 'retry') {
      client.retryNow();
    }
  }

  function changed(next: Connection): void {
    connection = next;
    options.onConnection(next);
    tellState();
  }

  function tellState(): void {
    if (client !== null && hasCompany) room?.post({ kind: 'state', connection, cursor: intake.place.cursor });
  }

  /** Inside a snapshot there is no place to go on from: each tab has a snapshot of its own. */
  function tellTaken(raw: PollEvent, after: string): void {
    if (client !== null && hasCompany && after !== '') room?.post({ kind: 'event', raw, after });
  }
}

/** The build is part of it: a page loaded before an update reads events in its own way. */
function roomName(base: string, share: string | null): string {
  const { pathname } = new URL(import.meta.url);
  return ['watchline', base, share ?? 'owner', PROTOCOL_VERSION, pathname, readSessionMark(share)].join(' ');
}
