/** Since when hosts are silent: since their last sign of life, but not for as long as their silence was meant. */
import type { Host, HostStatus } from '../../shared/schema/host.ts';

/** Nobody expects to hear of a host that is one of these. */
const meant: ReadonlySet<HostStatus> = new Set(['paused', 'asleep', 'incompatible', 'pairing']);

export class Silences {
  /** By host, epoch milliseconds. */
  readonly #meantUntil = new Map<string, number>();
  readonly #noticedAt = new Map<string, number>();

  /** The clock was set: what was noted by it says nothing any more. */
  clear(): void {
    this.#meantUntil.clear();
    this.#noticedAt.clear();
  }

  forget(id: string): void {
    this.#meantUntil.delete(id);
    this.#noticedAt.delete(id);
  }

  /** Epoch milliseconds; null: it is not silent, or not yet, or may be. To be asked about every host at every look. */
  since({ id, status, lastSeen }: Pick<Host, 'id' | 'status' | 'lastSeen'>, now: number): number | null {
    if (status === 'offline') {
      const noticedAt = this.#noticedAt.get(id) ?? now;
      this.#noticedAt.set(id, noticedAt);
      // A clock that was set back has signs of life of later than now.
      return Math.max(Math.min(lastSeen ?? noticedAt, noticedAt), this.#meantUntil.get(id) ?? -Infinity);
    }
    this.#noticedAt.delete(id);
    if (meant.has(status)) this.#meantUntil.set(id, now);
    // One that may go on is called live before it has said anything.
    else if ((lastSeen ?? -Infinity) > (this.#meantUntil.get(id) ?? Infinity)) this.#meantUntil.delete(id);
    return null;
  }
}

export function isMeant(status: HostStatus): boolean {
  return meant.has(status);
}
