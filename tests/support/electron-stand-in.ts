/**
 * A stand-in for the `electron` module, so that the whole main process runs in plain Node: it records what it is asked,
 * and its windows open their page in a real Chromium (electron-window.ts). Each object is checked against Electron's
 * own types; what it does not have fails the test that asks for it. What it cannot show: the sandbox, the isolation
 * of worlds, and native drawing. `tests/desktop/real-electron.test.ts` looks at those where a runtime exists.
 */
import { EventEmitter } from 'node:events';
import path from 'node:path';
import type Electron from 'electron';
import { closeBrowser, StandInWindow } from './electron-window.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** What the tests set before the start, and read after it. */
export const standIn = {
  systemIsDark: false,
  /** False: another instance holds the lock. */
  getsInstanceLock: true,
  displays: [{ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
  isSandboxEnabled: false,
  paths: {} as Record<string, string>,
  openedOutside: [] as string[],
  clipboardText: '',
  errorBoxes: [] as { title: string; content: string }[],
  notifications: [] as string[],
  trays: [] as StandInTray[],
  menu: null as StandInMenu | null,
  handlers: new Map<string, Parameters<Electron.IpcMain['handle']>[1]>(),
  permissions: {
    request: null as Parameters<Electron.Session['setPermissionRequestHandler']>[0],
    check: null as Parameters<Electron.Session['setPermissionCheckHandler']>[0],
    device: null as Parameters<Electron.Session['setDevicePermissionHandler']>[0],
  },
  /** What the system's keyring is; `basic_text`: there is none. */
  keyring: 'gnome_libsecret' as ReturnType<Electron.SafeStorage['getSelectedStorageBackend']>,
  ready: Promise.withResolvers<void>(),
  exited: Promise.withResolvers<number>(),
  /** Every code that `app.exit` was called with: a program ends once. */
  exits: [] as number[],
  get windows(): readonly StandInWindow[] {
    return StandInWindow.open;
  },
};

/** An event whose default can be prevented, as Electron's. */
export function cancellable<Extra extends object>(
  extra?: Extra,
): Extra & { defaultPrevented: boolean; preventDefault(): void } {
  const event = {
    ...(extra as Extra),
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  return event;
}

class StandInApp
  extends EventEmitter
  implements
    Pick<
      Electron.App,
      | 'isPackaged'
      | 'whenReady'
      | 'getVersion'
      | 'getAppPath'
      | 'setPath'
      | 'requestSingleInstanceLock'
      | 'enableSandbox'
      | 'quit'
      | 'exit'
    >
{
  readonly isPackaged = false;

  /** Electron is ready only after the main file has run: the tests say when. */
  whenReady(): Promise<void> {
    return standIn.ready.promise;
  }

  getVersion(): string {
    return '0.0.0-test';
  }

  getAppPath(): string {
    return root;
  }

  setPath(name: string, folder: string): void {
    standIn.paths[name] = folder;
  }

  requestSingleInstanceLock(): boolean {
    return standIn.getsInstanceLock;
  }

  enableSandbox(): void {
    standIn.isSandboxEnabled = true;
  }

  quit(): void {
    const event = cancellable();
    this.emit('before-quit', event);
    if (!event.defaultPrevented) this.exit(0);
  }

  exit(code = 0): void {
    standIn.exits.push(code);
    void closeBrowser().then(() => standIn.exited.resolve(code));
  }
}
export const app = new StandInApp();

StandInWindow.onCreated = (window) => {
  app.emit('web-contents-created', {}, window.webContents);
};
StandInWindow.onClosed = () => {
  if (StandInWindow.open.length === 0) app.emit('window-all-closed');
};
StandInWindow.onMessage = async (channel, event, payload) => {
  const handler = standIn.handlers.get(channel);
  if (!handler) throw new Error(`No handler registered for '${channel}'`);
  return (await handler(event, payload)) as unknown;
};
StandInWindow.preferredColours = () => (nativeTheme.shouldUseDarkColors ? 'dark' : 'light');
export { StandInWindow as BrowserWindow };

class StandInNativeTheme
  extends EventEmitter
  implements Pick<Electron.NativeTheme, 'themeSource' | 'shouldUseDarkColors'>
{
  #source: Electron.NativeTheme['themeSource'] = 'system';

  get themeSource(): Electron.NativeTheme['themeSource'] {
    return this.#source;
  }

  set themeSource(source: Electron.NativeTheme['themeSource']) {
    this.#source = source;
    for (const window of StandInWindow.open) void window.takeColours();
    this.emit('updated');
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark' || (this.#source === 'system' && standIn.systemIsDark);
  }
}
export const nativeTheme = new StandInNativeTheme();

class StandInTray extends EventEmitter implements Pick<Electron.Tray, 'setToolTip' | 'destroy'> {
  tooltip = '';
  menu: StandInMenu | null = null;
  isGone = false;
  readonly image: unknown;

  constructor(image: unknown) {
    super();
    this.image = image;
    standIn.trays.push(this);
  }

  setToolTip(text: string): void {
    this.tooltip = text;
  }

  setContextMenu(menu: StandInMenu): void {
    this.menu = menu;
  }

  destroy(): void {
    this.isGone = true;
  }
}
export { StandInTray as Tray };

type Template = Electron.MenuItemConstructorOptions;

class StandInMenu {
  readonly template: readonly Template[];

  constructor(template: readonly Template[]) {
    this.template = template;
  }

  static buildFromTemplate(template: readonly Template[]): StandInMenu {
    return new StandInMenu(template);
  }

  static setApplicationMenu(menu: StandInMenu): void {
    standIn.menu = menu;
  }

  /** Chooses the item whose label starts so, however deep it is. */
  choose(label: string): void {
    const item = flat(this.template).find((one) => one.label?.startsWith(label));
    if (!item?.click) throw new Error(`The menu has no item "${label}".`);
    (item.click as () => void)();
  }
}
export { StandInMenu as Menu };

export function flat(template: readonly Template[]): Template[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}

export class Notification {
  readonly #title: string;

  constructor({ title = '' }: Electron.NotificationConstructorOptions) {
    this.#title = title;
  }

  show(): void {
    standIn.notifications.push(this.#title);
  }
}

export const ipcMain = {
  handle: (channel, handler) => void standIn.handlers.set(channel, handler),
} satisfies Pick<Electron.IpcMain, 'handle'>;

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler) => void (standIn.permissions.request = handler),
    setPermissionCheckHandler: (handler) => void (standIn.permissions.check = handler),
    setDevicePermissionHandler: (handler) => void (standIn.permissions.device = handler),
  } satisfies Pick<
    Electron.Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
  >,
};

export const shell = {
  openExternal(address) {
    standIn.openedOutside.push(address);
    return Promise.resolve();
  },
} satisfies Pick<Electron.Shell, 'openExternal'>;

export const clipboard = {
  writeText(text: string) {
    standIn.clipboardText = text;
    return Promise.resolve();
  },
};

export const dialog = {
  showErrorBox: (title, content) => void standIn.errorBoxes.push({ title, content }),
} satisfies Pick<Electron.Dialog, 'showErrorBox'>;

/** Seals by turning each byte over: what matters is that the text stands nowhere. A keyring that changed opens nothing of before. */
export const safeStorage = {
  getSelectedStorageBackend: () => standIn.keyring,
  isAsyncEncryptionAvailable: () => Promise.resolve(standIn.keyring !== 'basic_text'),
  encryptStringAsync: (text) =>
    Promise.resolve(Buffer.from(Buffer.from(`${standIn.keyring}:${text}`).map((byte) => byte ^ 0xff))),
  decryptStringAsync(sealed) {
    const [keyring, result] = Buffer.from(sealed.map((byte) => byte ^ 0xff))
      .toString()
      .split(':');
    if (keyring !== standIn.keyring) return Promise.reject(new Error('The keyring does not know this key'));
    return Promise.resolve({ shouldReEncrypt: false, result: result! });
  },
} satisfies Pick<
  Electron.SafeStorage,
  'getSelectedStorageBackend' | 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'
>;

export const screen = {
  getPrimaryDisplay: () => standIn.displays[0]!,
  getAllDisplays: () => standIn.displays,
  getDisplayMatching: ({ x, y }: Electron.Rectangle) =>
    standIn.displays.find(
      ({ workArea: area }) =>
        x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height,
    ) ?? standIn.displays[0]!,
};

export const nativeImage = { createFromPath: (file: string) => ({ file }) };
export const powerMonitor = new EventEmitter();
