/**
 * A tab that listens to another tab's stream. It begins by asking the hub for what it lacks, by one poll from its own
 * place, and goes on with what the leader tells. Every event comes with the place the leader held before it: whoever holds
 * as much takes it, whoever holds less has missed something and asks the hub again. So nothing is lost or doubled, whether
 * a message, a leader or the hub's memory got lost.
 */
import { PROTOCOL_VERSION } from '../../shared/protocol.ts';
import type { PollEvent } from '../../shared/poll.ts';
import { HELD_RETRY_MS, mayGoOn } from '../session/share-end.ts';
import { askPoll } from './ask-poll.ts';
import type { Connection } from './connection.ts';
import type { Intake } from './intake.ts';
import type { Refusal } from './refusal.ts';
import type { TabMessage } from './tab-room.ts';
import type { StreamTiming } from './timing.ts';

export interface FollowerOptions {
  base: string;
  /** The share this page is of; null: the owner's page. */
  share: string | null;
  recentSeconds: number | null;
  intake: Intake;
  timing: StreamTiming;
  onConnection: (connection: Connection) => void;
  post: (message: TabMessage) => void;
  /** The leader has been asked and is silent. */
  onLeaderLost: () => void;
}

export interface Follower {
  take(message: TabMessage): void;
  retryNow(): void;
  /** Call after the page was asleep or hidden. */
  checkLeader(): void;
  close(): void;
}

interface Told {
  raw: PollEvent;
  after: string;
}

/** What is told meanwhile is kept for after a catch-up. More than this is dropped, and found missing then. */
const maxKept = 20_000;

export function createFollower(options: FollowerOptions): Follower {
  const { intake, timing, post } = options;
  const { place } = intake;
  const closing = new AbortController();
  let leader: Connection = { phase: 'connecting' };
  let own: Connection = { phase: 'connecting' };
  /** Null: not catching up. */
  let kept: Told[] | null = null;
  let attempt = 0;
  let isWaiting = false;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let heardAt = performance.now();
  let askedAt: number | null = null;
  const watch = setInterval(checkLeader, timing.leaderAskMs / 4);

  post({ kind: 'ask' });
  void catchUp();
  return { take, retryNow, checkLeader, close };

  function take(message: TabMessage): void {
    if (closing.signal.aborted) return;
    if (message.kind !== 'event' && message.kind !== 'state') return;
    heardAt = performance.now();
    askedAt = null;
    if (message.kind === 'event') {
      hear(message);
      return;
    }
    leader = message.connection;
    show();
    const isBehind = message.cursor !== '' && !place.reaches(message.cursor);
    if (leader.phase === 'live' && isBehind && !isWaiting && !isOver()) void catchUp();
  }

  function hear(told: Told): void {
    // What is told during a wait is found missing after it.
    if (isWaiting || isOver()) return;
    if (kept !== null) {
      if (kept.length < maxKept) kept.push(told);
    } else if (place.reaches(told.after)) {
      intake.take(told.raw);
    } else {
      void catchUp(told);
    }
  }

  async function catchUp(first?: Told): Promise<void> {
    if (kept !== null) {
      if (first) kept.push(first);
      return;
    }
    clearTimeout(retryTimer);
    isWaiting = false;
    kept = first ? [first] : [];
    const { base, share, recentSeconds } = options;
    const { signal } = closing;
    const before = place.cursor;
    const answer = await askPoll({ base, share, recentSeconds, cursor: before, waitSeconds: 0, signal });
    if (signal.aborted) return;
    const told = kept;
    kept = null;
    if (answer.kind === 'refused') {
      refused(answer);
      return;
    }
    for (const raw of answer.events) {
      const event = intake.take(raw);
      if (event?.name === 'hello' && event.data.protocol !== PROTOCOL_VERSION) {
        setOwn({ phase: 'incompatible', hubProtocol: event.data.protocol });
        return;
      }
      if (event?.name === 'bye') {
        retryLater('restarting', event.data.retryMs);
        return;
      }
    }
    const missing = told.findIndex((each) => !followOn(each));
    if (missing === -1) {
      attempt = 0;
      setOwn({ phase: 'live', via: 'stream' });
      return;
    }
    // An answer is cut at a size: the rest is there at once. One that led nowhere is not asked for at once.
    if (place.cursor === before) {
      retryLater('interrupted', 0);
      return;
    }
    const rest = told.slice(missing);
    void catchUp();
    kept!.push(...rest);
  }

  function refused({ why, retryAfterMs, end }: Refusal): void {
    if (end !== null && !mayGoOn(end)) setOwn({ phase: 'ended', reason: end });
    else if (end !== null) {
      const delayMs = (retryAfterMs ?? HELD_RETRY_MS) + timing.backoffMs(0);
      retryAt({ phase: 'held', reason: end, retryAt: Date.now() + delayMs });
    } else if (why === 'signed-out') setOwn({ phase: 'signed-out' });
    else retryLater(why === 'absent' ? 'busy' : why, retryAfterMs ?? 0);
  }

  function followOn({ raw, after }: Told): boolean {
    const isNext = place.reaches(after);
    if (isNext) intake.take(raw);
    return isNext;
  }

  function retryLater(reason: Extract<Connection, { phase: 'waiting' }>['reason'], atLeastMs: number): void {
    const delayMs = Math.max(timing.backoffMs(attempt++), atLeastMs);
    retryAt({ phase: 'waiting', reason, retryAt: Date.now() + delayMs });
  }

  function retryAt(waiting: Extract<Connection, { phase: 'waiting' | 'held' }>): void {
    isWaiting = true;
    setOwn(waiting);
    retryTimer = setTimeout(() => void catchUp(), waiting.retryAt - Date.now());
  }

  function setOwn(next: Connection): void {
    own = next;
    show();
  }

  /** The leader's trouble is this tab's; while the leader is well, its own catching up is what there is to tell. */
  function show(): void {
    const isHeld = leader.phase === 'live' || leader.phase === 'connecting';
    options.onConnection(isOver() || (isHeld && own.phase !== 'live') ? own : leader);
  }

  /** Only a person can go on from here. */
  function isOver(): boolean {
    return own.phase === 'signed-out' || own.phase === 'incompatible' || own.phase === 'ended';
  }

  function retryNow(): void {
    post({ kind: 'retry' });
    if (kept === null && own.phase !== 'live') void catchUp();
  }

  function checkLeader(): void {
    const now = performance.now();
    if (askedAt !== null && now - askedAt > timing.leaderAnswerMs) {
      askedAt = null;
      heardAt = now;
      if (!document.hidden) options.onLeaderLost();
    } else if (askedAt === null && now - heardAt > timing.leaderAskMs) {
      askedAt = now;
      post({ kind: 'ask' });
    } else if ((leader.phase === 'waiting' || leader.phase === 'held') && Date.now() >= leader.retryAt) {
      // A hidden leader's timers may be late: hearing from somebody lets it look at the time.
      post({ kind: 'ask' });
    }
  }

  function close(): void {
    closing.abort();
    clearTimeout(retryTimer);
    clearInterval(watch);
  }
}
