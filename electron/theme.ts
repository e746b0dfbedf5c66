/** The saved theme before the window opens, and each change after: native menus, dialogs and the page agree. */
import { nativeTheme } from 'electron';
import type { ThemeSource } from '../shared/bridge.ts';
import type { StateFile } from './state/state-file.ts';

export type SetTheme = (theme: ThemeSource) => void;

export function setupTheme(state: StateFile): SetTheme {
  nativeTheme.themeSource = state.current.theme;
  return (theme) => {
    nativeTheme.themeSource = theme;
    state.change({ theme });
  };
}
