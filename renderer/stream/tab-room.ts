/**
 * A room of tabs that share one stream: which of them leads, and what they say to each other. The Web Lock of the room is
 * held for as long as its tab leads: when that tab closes or crashes the browser hands it to the next one in the queue.
 * A tab that is alive to the browser but says nothing (frozen, hung) has it taken away.
 */
import type { PollEvent } from '../../shared/poll.ts';
import type { Connection } from './connection.ts';

export type TabMessage =
  /** The leader took this event, and held all up to `after` before it. */
  | { kind: 'event'; raw: PollEvent; after: string }
  /** The leader's connection and place. */
  | { kind: 'state'; connection: Connection; cursor: string }
  /** A follower asks for the state: it is new, or has heard nothing for long. */
  | { kind: 'ask' }
  /** A follower's person does not want to wait. */
  | { kind: 'retry' };

export interface TabRoomOptions {
  /** Tabs of the same name share. */
  name: string;
  /** The lock is this tab's. Called again after it was lost and gained anew. */
  onLead: () => void;
  /** Another tab has the lock, or took it. */
  onFollow: () => void;
  onMessage: (message: TabMessage) => void;
}

export interface TabRoom {
  post(message: TabMessage): void;
  /** Takes the lead from a tab that does not answer. */
  takeLead(): void;
  /** Gives up the lead, if it is this tab's, and leaves. */
  close(): void;
}

/** False where the page stands outside of a secure context, or the browser keeps storage from it: then tabs do not share. */
export function canShare(): boolean {
  return typeof BroadcastChannel === 'function' && 'locks' in navigator;
}

export function enterTabRoom({ name, onLead, onFollow, onMessage }: TabRoomOptions): TabRoom {
  const channel = new BroadcastChannel(name);
  const leaving = new AbortController();
  const { signal } = leaving;
  let giveUp: (() => void) | null = null;
  channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
    if (!signal.aborted) onMessage(data);
  });
  void enter();

  return {
    post(message) {
      if (!signal.aborted) channel.postMessage(message);
    },
    takeLead() {
      if (giveUp === null && !signal.aborted) void hold({ steal: true });
    },
    close() {
      leaving.abort();
      giveUp?.();
      channel.close();
    },
  };

  async function enter(): Promise<void> {
    if (await hold({ ifAvailable: true })) return;
    if (signal.aborted) return;
    onFollow();
    await queue();
  }

  async function queue(): Promise<void> {
    await hold({ signal });
  }

  /** Resolves when the lock was not to be had (false), or was held and is no longer (true). */
  async function hold(options: LockOptions): Promise<boolean> {
    try {
      return await navigator.locks.request(name, options, (lock) => (lock === null ? false : lead()));
    } catch {
      // Stolen by another tab, which found this one silent; or this tab left while it waited.
      if (giveUp !== null) deposed();
      return true;
    }
  }

  function lead(): Promise<boolean> {
    if (signal.aborted || giveUp !== null) return Promise.resolve(true);
    return new Promise((resolve) => {
      giveUp = () => {
        giveUp = null;
        resolve(true);
      };
      onLead();
    });
  }

  function deposed(): void {
    giveUp?.();
    if (signal.aborted) return;
    onFollow();
    void queue();
  }
}
