/**
 * The one window. It opens in its old place and in its own colours, shows itself only when there is something to
 * see, and gives the page nothing but the preload bridge. Closed to the tray it is hidden, not destroyed.
 */
import path from 'node:path';
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import type { StateFile } from '../state/state-file.ts';
import { choosePlacement } from './placement.ts';

/** The page's canvas colour (renderer/theme/tokens.css): what is seen before the first paint. */
const canvasColour = { light: '#F5F6F8', dark: '#0E1116' };

export interface MainWindowOptions {
  state: StateFile;
  /** The hub's address with a fresh one-time launch ticket; asked again each time a window is opened. */
  launchUrl: () => string;
  /** Called when closing hides the window; null: closing closes it. */
  hideOnClose: (() => void) | null;
}

export interface MainWindow {
  /** Null while there is none (macOS, between close and activate). */
  readonly current: BrowserWindow | null;
  /** Brings the window to the front; opens one where there is none. */
  show(): BrowserWindow;
  /** Loads the page anew where it is, with a fresh ticket: also the way back from a session that ended. */
  reload(): void;
}

export function setupMainWindow({ state, launchUrl, hideOnClose }: MainWindowOptions): MainWindow {
  let current: BrowserWindow | null = null;
  const shell: MainWindow = {
    get current() {
      return current;
    },
    show() {
      if (current === null) return open();
      if (current.isMinimized()) current.restore();
      current.show();
      current.focus();
      return current;
    },
    reload() {
      if (current === null) return;
      const shown = URL.parse(current.webContents.getURL());
      const fresh = new URL(launchUrl());
      if (shown?.origin === fresh.origin) {
        fresh.pathname = shown.pathname;
        fresh.search = shown.search;
      }
      void reloadAt(current, fresh.href);
    },
  };
  app.on('activate', () => shell.show());
  nativeTheme.on('updated', () => current?.setBackgroundColor(background()));
  shell.show();
  return shell;

  function open(): BrowserWindow {
    const { bounds, isMaximized } = choosePlacement(state.current, displaysPrimaryFirst());
    const window = new BrowserWindow({
      ...bounds,
      minWidth: 360,
      minHeight: 320,
      title: 'Watchline',
      icon: path.join(app.getAppPath(), 'electron/assets/icon.png'),
      show: false,
      backgroundColor: background(),
      webPreferences: {
        preload: path.join(app.getAppPath(), 'dist/electron/preload.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
        devTools: !app.isPackaged,
      },
    });
    current = window;
    if (isMaximized) window.maximize();
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => {
      rememberPlacement(window);
      if (hideOnClose === null) return;
      event.preventDefault();
      window.hide();
      hideOnClose();
    });
    window.on('closed', () => (current = null));
    for (const change of ['resized', 'moved', 'maximize', 'unmaximize'] as const) {
      // The overloads of `on` differ by event; these four pass nothing we read.
      window.on(change as 'resized', () => rememberPlacement(window));
    }
    void load(window, launchUrl());
    return window;
  }

  /** A load that fails leaves an empty window that can be reloaded; it must not end the program. */
  function load(window: BrowserWindow, address: string): Promise<void> {
    return window.loadURL(address).catch(() => window.show());
  }

  /** A fresh ticket changes the address's fragment only, which by itself loads nothing: the old page is left first. */
  async function reloadAt(window: BrowserWindow, address: string) {
    await load(window, 'about:blank');
    await load(window, address);
    window.webContents.navigationHistory.clear();
  }

  function rememberPlacement(window: BrowserWindow) {
    const bounds = window.getNormalBounds();
    const display = String(screen.getDisplayMatching(bounds).id);
    const placements = {
      ...state.current.placements,
      [display]: { bounds, isMaximized: window.isMaximized() },
    };
    state.change({ lastDisplay: display, placements });
  }
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? canvasColour.dark : canvasColour.light;
}

function displaysPrimaryFirst() {
  const primary = screen.getPrimaryDisplay();
  return [primary, ...screen.getAllDisplays().filter(({ id }) => id !== primary.id)];
}
