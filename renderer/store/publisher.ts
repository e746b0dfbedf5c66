/**
 * How new values reach the screen. While the page is hidden nothing is drawn: the newest value of each
 * ref is kept aside, and all of them are set when the page shows again.
 */
import type { ShallowRef } from 'vue';

/** Sets a ref, now or when somebody can see it. */
export type Publish = <T>(ref: ShallowRef<T>, value: T) => void;

export interface Publisher {
  publish: Publish;
  /** Holding: values wait for `release`. */
  hold(): void;
  release(): void;
}

export const publishNow: Publish = (ref, value) => {
  ref.value = value;
};

export function createPublisher(): Publisher {
  let isHolding = false;
  const held = new Map<ShallowRef<unknown>, unknown>();

  return {
    publish(ref, value) {
      if (isHolding) held.set(ref, value);
      else ref.value = value;
    },
    hold() {
      isHolding = true;
    },
    release() {
      isHolding = false;
      for (const [ref, value] of held) ref.value = value;
      held.clear();
    },
  };
}
