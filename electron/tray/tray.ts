/** The tray icon: the machine's CPU and memory on hover, the window on click, the way out in its menu. */
import path from 'node:path';
import { app, clipboard, Menu, nativeImage, Notification, Tray } from 'electron';
import type { Sample } from '../../shared/schema/sample.ts';
import { totalsOf } from '../../shared/series.ts';
import type { ObservedHub } from '../observed-hub.ts';
import type { StateFile } from '../state/state-file.ts';

export interface TrayOptions {
  hub: Pick<ObservedHub, 'origin' | 'newestSample'>;
  state: StateFile;
}

export interface ShellTray extends Disposable {
  /** Called when a person asks for the window here. */
  onOpen(open: () => void): void;
  /** Says, the first time only, where the window went. */
  explainOnce: () => void;
}

/** Each change of the tooltip is a message to the desktop; nobody reads it every second. */
const TOOLTIP_EVERY_MS = 2_000;

export function setupTray({ hub, state }: TrayOptions): ShellTray {
  const tray = new Tray(trayImage());
  let open = () => {};
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Open Watchline', click: () => open() },
      { label: `Copy address (${hub.origin})`, click: () => void clipboard.writeText(hub.origin) },
      { type: 'separator' },
      { label: 'Quit', click: () => app.quit() },
    ]),
  );
  tray.on('click', () => open());
  const showTooltip = () => tray.setToolTip(tooltip(hub.newestSample()));
  showTooltip();
  const timer = setInterval(showTooltip, TOOLTIP_EVERY_MS);

  return {
    onOpen: (show) => (open = show),
    explainOnce() {
      if (state.current.isTrayExplained) return;
      state.change({ isTrayExplained: true });
      new Notification({
        title: 'Watchline goes on watching',
        body: 'Its window is in the tray. To end it, choose Quit there.',
        silent: true,
      }).show();
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      tray.destroy();
    },
  };
}

function tooltip(sample: Sample | null): string {
  if (sample === null) return 'Watchline';
  const { cpuBusyPercent, memoryUsedPercent } = totalsOf(sample);
  return `Watchline: CPU ${Math.round(cpuBusyPercent)} %, memory ${Math.round(memoryUsedPercent)} %`;
}

/** macOS colours a template image itself; the others show it as it is. Electron finds the @2x file beside it. */
function trayImage() {
  const file = process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png';
  return nativeImage.createFromPath(path.join(app.getAppPath(), 'electron/assets', file));
}
