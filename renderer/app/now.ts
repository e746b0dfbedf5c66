/** The hub's time as something to show: ticks once a second while the page is visible. */
import { inject, onScopeDispose, shallowRef, type InjectionKey, type ShallowRef } from 'vue';
import type { HubClock } from '../store/hub-clock.ts';

const tickMs = 1_000;

export function createNow(clock: HubClock): ShallowRef<number> {
  const now = shallowRef(clock.now());
  const timer = setInterval(tick, tickMs);
  document.addEventListener('visibilitychange', tick);
  onScopeDispose(() => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', tick);
  });
  return now;

  function tick(): void {
    if (!document.hidden) now.value = clock.now();
  }
}

export const nowKey: InjectionKey<ShallowRef<number>> = Symbol('now');

/** Epoch milliseconds of the hub. For ages; a chart's edge comes from its newest sample. */
export function useNow(): ShallowRef<number> {
  const now = inject(nowKey);
  if (now === undefined) throw new Error('useNow() was called outside the app');
  return now;
}
