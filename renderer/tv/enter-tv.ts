/** Into TV mode and out of it. The address says so (`?tv`), so that a screen on a wall comes up in it by itself. */
import type { Router } from 'vue-router';
import { desktopBridge } from '../app/desktop.ts';

/** Live, and on a screen that is made to be looked at. Full screen too, where a person has just pressed something. */
export async function enterTv(router: Router): Promise<void> {
  // The desktop's window has its own full screen, which is the person's to choose.
  if (desktopBridge() === undefined) fillScreen();
  const { query, meta, path } = router.currentRoute.value;
  const { from: _from, to: _to, ...rest } = query;
  await router.push({ path: meta.needs === undefined ? path : '/', query: { ...rest, tv: null } });
}

export async function leaveTv(router: Router): Promise<void> {
  if (document.fullscreenElement !== null) void document.exitFullscreen();
  const { tv: _tv, ...rest } = router.currentRoute.value.query;
  await router.replace({ query: rest });
}

/** A browser that does not, or not now, leaves the page in its window. */
export function fillScreen(): void {
  const bridge = desktopBridge();
  if (bridge !== undefined) {
    void bridge.windowCommand('toggleFullScreen');
    return;
  }
  if (document.fullscreenElement !== null || !document.fullscreenEnabled) return;
  void document.documentElement.requestFullscreen({ navigationUI: 'hide' }).catch(() => undefined);
}
