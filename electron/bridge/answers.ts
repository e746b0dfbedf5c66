/** What the shell does for each request of the bridge. */
import { app } from 'electron';
import { openOutside } from '../navigation.ts';
import type { SetTheme } from '../theme.ts';
import type { BridgeAnswers } from './serve-bridge.ts';

export interface AnswerParts {
  setTheme: SetTheme;
  staysInTray: boolean;
  keyringWeakness: string | null;
  /** Where the hub's share links lead now. */
  linkOrigin: () => string;
}

export function bridgeAnswers({
  setTheme,
  staysInTray,
  keyringWeakness,
  linkOrigin,
}: AnswerParts): BridgeAnswers {
  return {
    about: () => ({
      version: app.getVersion(),
      platform: process.platform,
      electron: process.versions['electron'] ?? '',
      chromium: process.versions['chrome'] ?? '',
      node: process.versions.node,
      staysInTray,
      keyringWeakness,
    }),
    setTheme: (theme) => setTheme(theme),
    openExternal: (address) => openOutside(address, linkOrigin()),
    windowCommand(command, window) {
      switch (command) {
        case 'minimize':
          return window.minimize();
        case 'toggleMaximize':
          return window.isMaximized() ? window.unmaximize() : window.maximize();
        case 'toggleFullScreen':
          return window.setFullScreen(!window.isFullScreen());
        case 'close':
          return window.close();
      }
    },
  };
}
