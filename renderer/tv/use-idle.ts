/** Whether nobody has moved the pointer or touched the screen for a while. */
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** Lives as long as the calling scope. Idle at first: a screen that comes up by itself has nobody before it. */
export function useIdle(afterMs: number): Readonly<ShallowRef<boolean>> {
  const isIdle = shallowRef(true);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const signs = ['pointermove', 'pointerdown', 'focusin'] as const;

  for (const sign of signs) window.addEventListener(sign, stir);
  onScopeDispose(() => {
    clearTimeout(timer);
    for (const sign of signs) window.removeEventListener(sign, stir);
  });
  return isIdle;

  function stir(): void {
    isIdle.value = false;
    clearTimeout(timer);
    timer = setTimeout(() => (isIdle.value = true), afterMs);
  }
}
