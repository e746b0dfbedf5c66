/** Who watches which share at this moment: sessions of browsers, and tools with a share's token. Told as `presence`. */
import type { StreamEvent } from '../../shared/events.ts';
import type { Viewer } from '../../shared/schema/shares.ts';
import type { Ender, EndReason } from '../access/endings.ts';
import type { Visitor } from '../access/share-door.ts';
import { shareFull } from './share-problems.ts';

/** Who has no stream or poll open and was not heard for this long has gone. */
export const GONE_AFTER_MS = 30_000;
/** All are looked at this often while there are any. */
const SWEEP_MS = 5_000;
/** Changes within this time are told together. */
const TELL_WITHIN_MS = 250;
/** Named in an event; all are counted. */
const MAX_NAMED = 256;

interface Watcher {
  viewer: Viewer;
  credential: string;
  /** Null: wherever it comes from. */
  address: string | null;
}

export interface ViewersParts {
  publish: (event: StreamEvent) => void;
  /** Whether a stream or poll is open with this credential, from this address; null: from any. */
  isConnected: (credential: string, address: string | null) => boolean;
}

export class Viewers implements Ender, Disposable {
  readonly #parts: ViewersParts;
  /** By share, then by the viewer's id. */
  readonly #watchers = new Map<string, Map<string, Watcher>>();
  readonly #untold = new Set<string>();
  #tellTimer: NodeJS.Timeout | null = null;
  #sweepTimer: NodeJS.Timeout | null = null;

  constructor(parts: ViewersParts) {
    this.#parts = parts;
  }

  countOf(share: string): number {
    return this.#watchers.get(share)?.size ?? 0;
  }

  /** Null: it is not known to watch. */
  find(share: string, visitor: Visitor): Viewer | null {
    return this.#watchers.get(share)?.get(idOf(visitor))?.viewer ?? null;
  }

  /** One `presence` for each share that somebody watches. */
  get events(): StreamEvent[] {
    return Array.from(this.#watchers.keys(), (share) => this.#eventOf(share));
  }

  /**
   * Counts a request as a sign of life. True: this one has not been watching. Throws a 429 `ProblemError` where it would be one viewer
   * too many; null: any number.
   */
  admit(share: string, maxViewers: number | null, visitor: Visitor, now = Date.now()): boolean {
    const watchers = this.#watchers.get(share) ?? new Map<string, Watcher>();
    const known = watchers.get(idOf(visitor));
    if (known) {
      known.viewer.lastSeen = now;
      return false;
    }
    if (maxViewers !== null && watchers.size >= maxViewers) this.sweep(now);
    if (maxViewers !== null && watchers.size >= maxViewers) throw shareFull(maxViewers);
    const { session } = visitor;
    const viewer: Viewer = {
      id: idOf(visitor),
      share,
      name: session?.name ?? null,
      since: session?.since ?? now,
      lastSeen: now,
      screen: null,
    };
    watchers.set(viewer.id, {
      viewer,
      credential: credentialOf(share, visitor),
      address: session === null ? visitor.address : null,
    });
    this.#watchers.set(share, watchers);
    this.#sweepTimer ??= setInterval(() => this.sweep(Date.now()), SWEEP_MS).unref();
    this.#tell(share);
    return true;
  }

  /** What a viewer says of himself. Undefined: as before. */
  describe(
    share: string,
    visitor: Visitor,
    told: { name?: string | null | undefined; screen?: string | null | undefined },
  ): void {
    const viewer = this.find(share, visitor);
    if (!viewer) return;
    const { name = viewer.name, screen = viewer.screen } = told;
    if (name === viewer.name && screen === viewer.screen) return;
    Object.assign(viewer, { name, screen });
    this.#tell(share);
  }

  /** Who is to come back watches all the while. */
  endWhere(fits: (credential: string) => boolean, reason: EndReason): void {
    if (reason === 'rotate') return;
    for (const [share, watchers] of this.#watchers) {
      for (const [id, { credential }] of watchers) {
        if (!fits(credential)) continue;
        watchers.delete(id);
        this.#tell(share);
      }
    }
  }

  /** Nobody watches a share that is paused. */
  dropShare(share: string): void {
    if (this.#watchers.delete(share)) this.#tell(share);
  }

  /** Lets go of those who have gone. `now` in epoch milliseconds. */
  sweep(now: number): void {
    for (const [share, watchers] of this.#watchers) {
      for (const [id, { viewer, credential, address }] of watchers) {
        if (this.#parts.isConnected(credential, address)) viewer.lastSeen = now;
        else if (now - viewer.lastSeen > GONE_AFTER_MS) {
          watchers.delete(id);
          this.#tell(share);
        }
      }
    }
  }

  [Symbol.dispose](): void {
    if (this.#tellTimer !== null) clearTimeout(this.#tellTimer);
    if (this.#sweepTimer !== null) clearInterval(this.#sweepTimer);
  }

  #tell(share: string): void {
    this.#untold.add(share);
    this.#tellTimer ??= setTimeout(() => this.#tellAll(), TELL_WITHIN_MS).unref();
  }

  #tellAll(): void {
    this.#tellTimer = null;
    for (const share of this.#untold) {
      this.#parts.publish(this.#eventOf(share));
      if (this.countOf(share) === 0) this.#watchers.delete(share);
    }
    this.#untold.clear();
    if (this.#watchers.size > 0 || this.#sweepTimer === null) return;
    clearInterval(this.#sweepTimer);
    this.#sweepTimer = null;
  }

  #eventOf(share: string): StreamEvent {
    const viewers = Array.from(this.#watchers.get(share)?.values() ?? [], ({ viewer }) => ({ ...viewer }));
    return { name: 'presence', data: { share, count: viewers.length, viewers: viewers.slice(0, MAX_NAMED) } };
  }
}

/** Tools share one token: the address tells them apart. */
function idOf({ session, address }: Visitor): string {
  return session?.id ?? `tool@${address}`;
}

function credentialOf(share: string, { session }: Visitor): string {
  return session === null ? `share:${share}` : `share:${share}:${session.id}`;
}
