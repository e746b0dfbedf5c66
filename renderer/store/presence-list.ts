/** Who watches each share now: what the hub's snapshot told, and what came since. */
import { shallowRef, type ShallowRef } from 'vue';
import type { Presence } from '../../shared/schema/shares.ts';
import { publishNow, type Publish } from './publisher.ts';

export class PresenceList {
  /** By id of the share; shares that nobody watches are not in it. */
  readonly byShare: ShallowRef<ReadonlyMap<string, Presence>> = shallowRef(new Map());
  readonly #publish: Publish;
  #byShare = new Map<string, Presence>();
  #isInSnapshot = false;

  constructor(publish: Publish = publishNow) {
    this.#publish = publish;
  }

  /** Everything follows anew: a share the snapshot does not name has no viewers. */
  beginSnapshot(): void {
    this.#byShare = new Map();
    this.#isInSnapshot = true;
  }

  endSnapshot(): void {
    this.#isInSnapshot = false;
    this.#show();
  }

  take(presence: Presence): void {
    if (presence.count > 0) this.#byShare.set(presence.share, presence);
    else this.#byShare.delete(presence.share);
    if (!this.#isInSnapshot) this.#show();
  }

  #show(): void {
    this.#publish(this.byShare, new Map(this.#byShare));
  }
}
