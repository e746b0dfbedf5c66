/** The moments people point at: those of the hub's snapshot, and what came since. Each says until when it is shown. */
import { shallowRef, type ShallowRef } from 'vue';
import type { Pointer } from '../../shared/schema/shares.ts';
import { publishNow, type Publish } from './publisher.ts';

/** More than people can look at; a hub limits how often one may point. */
const MAX_POINTERS = 50;

export class PointerList {
  /** By the time they point at, oldest first. Those past their `until` are in it until the next one comes. */
  readonly pointers: ShallowRef<readonly Pointer[]> = shallowRef([]);
  readonly #publish: Publish;
  #byId = new Map<string, Pointer>();
  #isInSnapshot = false;

  constructor(publish: Publish = publishNow) {
    this.#publish = publish;
  }

  /** Everything follows anew: what the snapshot does not name is gone. */
  beginSnapshot(): void {
    this.#byId = new Map();
    this.#isInSnapshot = true;
  }

  endSnapshot(): void {
    this.#isInSnapshot = false;
    this.#show();
  }

  /** `now`: the hub's time, epoch milliseconds. */
  take(pointer: Pointer, now: number): void {
    this.#byId.set(pointer.id, pointer);
    for (const [id, { until }] of this.#byId) if (until <= now) this.#byId.delete(id);
    if (this.#byId.size > MAX_POINTERS) this.#byId.delete(this.#byId.keys().next().value!);
    if (!this.#isInSnapshot) this.#show();
  }

  #show(): void {
    this.#publish(
      this.pointers,
      [...this.#byId.values()].sort((a, b) => a.time - b.time),
    );
  }
}
