/** Who watches each share now: what the hub's snapshot told, and what came since. */
import { shallowRef, type ShallowRef } from 'vue';
import type { Presence } from '../../shared/schema/shares.ts';
import { publishNow, type Publish } from './publisher.ts';
import { SnapshotItems } from './snapshot-items.ts';

export class PresenceList {
  /** By id of the share; shares that nobody watches are not in it. */
  readonly byShare: ShallowRef<ReadonlyMap<string, Presence>> = shallowRef(new Map());
  readonly #held: SnapshotItems<Presence>;

  constructor(publish: Publish = publishNow) {
    this.#held = new SnapshotItems((presences) => publish(this.byShare, new Map(presences)));
  }

  beginSnapshot(): void {
    this.#held.beginSnapshot();
  }

  endSnapshot(): void {
    this.#held.endSnapshot();
  }

  take(presence: Presence): void {
    this.#held.change((presences) => {
      if (presence.count > 0) presences.set(presence.share, presence);
      else presences.delete(presence.share);
    });
  }
}
