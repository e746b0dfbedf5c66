/** The moments people point at: those of the hub's snapshot, and what came since. Each says until when it is shown. */
import { shallowRef, type ShallowRef } from 'vue';
import type { Pointer } from '../../shared/schema/shares.ts';
import { publishNow, type Publish } from './publisher.ts';
import { byTime, keepAtMost, SnapshotItems } from './snapshot-items.ts';

/** More than people can look at; a hub limits how often one may point. */
const MAX_POINTERS = 50;

export class PointerList {
  /** By the time they point at, oldest first. Those past their `until` are in it until the next one comes. */
  readonly pointers: ShallowRef<readonly Pointer[]> = shallowRef([]);
  readonly #held: SnapshotItems<Pointer>;

  constructor(publish: Publish = publishNow) {
    this.#held = new SnapshotItems((pointers) => publish(this.pointers, byTime(pointers)));
  }

  beginSnapshot(): void {
    this.#held.beginSnapshot();
  }

  endSnapshot(): void {
    this.#held.endSnapshot();
  }

  /** `now`: the hub's time, epoch milliseconds. */
  take(pointer: Pointer, now: number): void {
    this.#held.change((pointers) => {
      pointers.set(pointer.id, pointer);
      for (const [id, { until }] of pointers) if (until <= now) pointers.delete(id);
      keepAtMost(pointers, MAX_POINTERS);
    });
  }
}
