/** Keeps the screen on while the page is shown, where the browser has a wake lock: in secure contexts only. */
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** True while it is held; false: the screen may fall asleep. Lives as long as the calling scope. */
export function useAwakeScreen(): Readonly<ShallowRef<boolean>> {
  const isAwake = shallowRef(false);
  let lock: WakeLockSentinel | null = null;
  let isOver = false;

  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  onScopeDispose(() => {
    isOver = true;
    document.removeEventListener('visibilitychange', onVisibility);
    void lock?.release();
  });
  return isAwake;

  function onVisibility(): void {
    if (!document.hidden) void hold();
  }

  /** The browser takes the lock away whenever the page is hidden. */
  async function hold(): Promise<void> {
    if (lock?.released === false || !('wakeLock' in navigator)) return;
    try {
      lock = await navigator.wakeLock.request('screen');
    } catch {
      // Refused, as on an empty battery: the screen goes by its own settings.
      return;
    }
    if (isOver) {
      void lock.release();
      return;
    }
    isAwake.value = true;
    lock.addEventListener('release', () => (isAwake.value = false), { once: true });
  }
}
