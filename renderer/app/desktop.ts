/** The desktop shell around this page, where there is one: what it tells the page, and what the page tells it. */
import { onScopeDispose, watch, type Ref } from 'vue';
import { BRIDGE_KEY, type DesktopBridge, type ThemeSource } from '../../shared/bridge.ts';

declare global {
  interface Window {
    /** Exposed by the preload; undefined in a browser. */
    readonly [BRIDGE_KEY]?: DesktopBridge;
  }
}

export function desktopBridge(): DesktopBridge | undefined {
  return window[BRIDGE_KEY];
}

export interface DesktopWishes {
  /** Show this in-page path: from the menu, the tray or a deep link. */
  navigate: (path: string) => void;
  openPalette: () => void;
}

/** Heeds the shell as long as the calling scope lives. Does nothing in a browser. */
export function heedDesktop({ navigate, openPalette }: DesktopWishes): void {
  const bridge = desktopBridge();
  if (bridge === undefined) return;
  onScopeDispose(bridge.on('navigate', navigate));
  onScopeDispose(bridge.on('palette', openPalette));
}

/** The next window opens in the colours chosen last, and native menus wear them at once. */
export function tellDesktopTheme(choice: Ref<ThemeSource>): void {
  const bridge = desktopBridge();
  if (bridge === undefined) return;
  // A choice that could not be told is told with the next one; the page itself wears it anyway.
  watch(choice, (next) => void bridge.setTheme(next).catch(() => undefined));
}
