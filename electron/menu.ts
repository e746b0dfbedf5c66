/** The native menu: the keys a person expects of a desktop program, and the screens. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { MainWindow } from './window/main-window.ts';
import { tellPage } from './bridge/tell-page.ts';

export function setupMenu(mainWindow: MainWindow): void {
  const open = (path: string) => () => tellPage(mainWindow, 'navigate', path);
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Close Window', accelerator: 'CmdOrCtrl+W', click: () => mainWindow.current?.close() },
        { role: 'quit', accelerator: 'CmdOrCtrl+Q' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { label: 'Overview', accelerator: 'CmdOrCtrl+1', click: open('/') },
        { label: 'Logs', accelerator: 'CmdOrCtrl+2', click: open('/logs') },
        { label: 'Events', accelerator: 'CmdOrCtrl+3', click: open('/events') },
        { label: 'Settings', accelerator: 'CmdOrCtrl+,', click: open('/settings') },
        {
          label: 'Command Palette',
          accelerator: 'CmdOrCtrl+K',
          // The page has this key itself; here it is only shown.
          registerAccelerator: false,
          click: () => tellPage(mainWindow, 'palette', undefined),
        },
        { label: 'Reload', accelerator: 'CmdOrCtrl+R', click: () => mainWindow.reload() },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
      ],
    },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
