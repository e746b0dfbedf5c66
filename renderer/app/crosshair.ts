/** The moment that somebody looks at: one for all that a screen shows over time, its charts and its log lines. */
import { inject, provide, type InjectionKey, type ShallowRef } from 'vue';

/** Epoch milliseconds; null: none. */
export type Crosshair = ShallowRef<number | null>;

const crosshairKey: InjectionKey<Crosshair> = Symbol('crosshair');

export function provideCrosshair(crosshair: Crosshair): void {
  provide(crosshairKey, crosshair);
}

/** Null where nothing else is shown over time. */
export function useCrosshair(): Crosshair | null {
  return inject(crosshairKey, null);
}
