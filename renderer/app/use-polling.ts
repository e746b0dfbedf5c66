/** Asks again and again while the calling component is shown and the page is visible. */
import { onBeforeUnmount, onMounted } from 'vue';

export interface Polling {
  /** Asks at once, and again after the usual time. */
  askNow(): void;
}

/** The next question is asked `everyMs` after the answer to the last: a slow hub is not asked faster than it answers. */
export function usePolling(ask: (signal: AbortSignal) => Promise<void>, everyMs: number): Polling {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | null = null;

  onMounted(() => {
    document.addEventListener('visibilitychange', askNow);
    askNow();
  });
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', askNow);
    stop();
  });
  return { askNow };

  function askNow(): void {
    stop();
    if (!document.hidden) void askOn();
  }

  function stop(): void {
    clearTimeout(timer);
    asking?.abort();
    asking = null;
  }

  async function askOn(): Promise<void> {
    const own = new AbortController();
    asking = own;
    await ask(own.signal);
    if (asking !== own) return;
    timer = setTimeout(() => void askOn(), everyMs);
  }
}
