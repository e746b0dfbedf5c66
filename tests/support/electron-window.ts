/**
 * The stand-in's BrowserWindow: a page in a real Chromium, with the preload run in it before the page's own scripts,
 * messages that arrive from real frames, and navigations that can be refused.
 */
import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Browser, Frame, Page } from '@playwright/test';
import type Electron from 'electron';
import { launchBrowser } from './browser.ts';

let browser: Promise<Browser> | null = null;

function openBrowser(): Promise<Browser> {
  return (browser ??= launchBrowser());
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = null;
}

type Answer = (channel: string, event: Electron.IpcMainInvokeEvent, payload: unknown) => Promise<unknown>;

export class StandInWindow
  extends EventEmitter
  implements
    Pick<
      Electron.BrowserWindow,
      | 'show'
      | 'hide'
      | 'focus'
      | 'minimize'
      | 'restore'
      | 'maximize'
      | 'unmaximize'
      | 'close'
      | 'isMinimized'
      | 'isMaximized'
      | 'isFullScreen'
      | 'setFullScreen'
      | 'setBackgroundColor'
      | 'getNormalBounds'
      | 'loadURL'
    >
{
  static open: StandInWindow[] = [];
  static onCreated: (window: StandInWindow) => void = () => {};
  static onClosed: () => void = () => {};
  static onMessage: Answer = () => Promise.reject(new Error('nobody answers'));
  static preferredColours: () => 'light' | 'dark' = () => 'light';

  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly webContents = new StandInContents();
  isVisible = false;
  isFocused = false;
  backgroundColor: string;
  bounds: Electron.Rectangle;
  #isMinimized = false;
  #isMaximized = false;
  #isFullScreen = false;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    this.backgroundColor = options.backgroundColor ?? '';
    this.isVisible = options.show ?? true;
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.bounds = { x, y, width, height };
    StandInWindow.open.push(this);
    StandInWindow.onCreated(this);
  }

  async loadURL(address: string): Promise<void> {
    // Coming from the program, not the page, a second load is no navigation that could be refused.
    if (this.webContents.page) return void (await this.webContents.page.goto(address));
    const { width, height } = this.bounds;
    const context = await (await openBrowser()).newContext({ viewport: { width, height } });
    const page = await context.newPage();
    await this.webContents.attach(page, this.options.webPreferences?.preload ?? null);
    await this.takeColours();
    page.once('domcontentloaded', () => this.emit('ready-to-show'));
    await page.goto(address);
  }

  /** The page sees the theme as its preferred colour scheme, live. */
  async takeColours(): Promise<void> {
    await this.webContents.page?.emulateMedia({ colorScheme: StandInWindow.preferredColours() });
  }

  close(): void {
    let isPrevented = false;
    this.emit('close', { preventDefault: () => (isPrevented = true) });
    if (isPrevented) return;
    StandInWindow.open = StandInWindow.open.filter((window) => window !== this);
    void this.webContents.page?.context().close();
    this.emit('closed');
    StandInWindow.onClosed();
  }

  show(): void {
    this.isVisible = true;
  }

  hide(): void {
    this.isVisible = false;
    this.isFocused = false;
  }

  focus(): void {
    this.isFocused = true;
  }

  minimize(): void {
    this.#isMinimized = true;
  }

  restore(): void {
    this.#isMinimized = false;
  }

  maximize(): void {
    this.#isMaximized = true;
    this.emit('maximize');
  }

  unmaximize(): void {
    this.#isMaximized = false;
    this.emit('unmaximize');
  }

  isMinimized(): boolean {
    return this.#isMinimized;
  }

  isMaximized(): boolean {
    return this.#isMaximized;
  }

  isFullScreen(): boolean {
    return this.#isFullScreen;
  }

  setFullScreen(isOn: boolean): void {
    this.#isFullScreen = isOn;
  }

  setBackgroundColor(colour: string): void {
    this.backgroundColor = colour;
  }

  getNormalBounds(): Electron.Rectangle {
    return this.bounds;
  }
}

export class StandInContents
  extends EventEmitter
  implements Pick<Electron.WebContents, 'getURL' | 'isLoadingMainFrame' | 'send' | 'setWindowOpenHandler'>
{
  page: Page | null = null;
  readonly navigationHistory = { clear: () => {} };
  /** Addresses that the page wanted to go to, and was not let. */
  readonly refused: string[] = [];
  #openHandler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | null = null;
  #isLoading = true;

  async attach(page: Page, preload: string | null): Promise<void> {
    this.page = page;
    page.on('load', () => {
      this.#isLoading = false;
      this.emit('did-finish-load');
    });
    await page.exposeBinding('__standInInvoke', ({ frame }, channel: string, payload: unknown) =>
      StandInWindow.onMessage(channel, this.#eventFrom(frame), payload),
    );
    await page.exposeBinding('__standInOpen', (_source, url: string) => this.#askToOpen(url));
    await page.addInitScript(refuseWindows);
    if (preload !== null) await page.addInitScript(asPreload(await readFile(preload, 'utf8')));
    await page.route('**/*', async (route) => {
      const request = route.request();
      const isOurs = page.url() === 'about:blank' || !request.isNavigationRequest();
      if (isOurs || this.#mayNavigate(request.frame(), request.url())) await route.fallback();
      else await route.fulfill({ status: 204 }); // No content: the page stays as it is.
    });
  }

  getURL(): string {
    return this.page?.url() ?? '';
  }

  isLoadingMainFrame(): boolean {
    return this.#isLoading;
  }

  send(channel: string, ...payload: unknown[]): void {
    // A window that closes meanwhile hears nothing, as in Electron.
    this.page
      ?.evaluate(([name, told]) => (globalThis as unknown as PreloadGlobals).__standInTell(name, told), [
        channel,
        payload[0],
      ] as const)
      .catch((error: Error) => {
        if (!this.page?.isClosed()) throw error;
      });
  }

  setWindowOpenHandler(handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]): void {
    this.#openHandler = handler;
  }

  #mayNavigate(frame: Frame, url: string): boolean {
    let isPrevented = false;
    const isMainFrame = frame.parentFrame() === null;
    const event = { url, isMainFrame, preventDefault: () => (isPrevented = true) };
    this.emit('will-frame-navigate', event);
    if (isMainFrame && !isPrevented) this.emit('will-navigate', event);
    if (isPrevented) this.refused.push(url);
    return !isPrevented;
  }

  #askToOpen(url: string): string {
    const action = this.#openHandler?.({ url } as Electron.HandlerDetails).action ?? 'allow';
    if (action === 'allow') new StandInWindow({ title: url });
    return action;
  }

  #eventFrom(frame: Frame): Electron.IpcMainInvokeEvent {
    const senderFrame = { url: frame.url(), parent: frame.parentFrame() };
    return { sender: this, senderFrame } as unknown as Electron.IpcMainInvokeEvent;
  }
}

interface PreloadGlobals {
  __standInTell(channel: string, told: unknown): void;
}

/** What a denied window looks like to the page: `window.open` answers null, `target=_blank` does nothing. */
const refuseWindows = `
  window.open = (url) => { void __standInOpen(new URL(url, location.href).href); return null; };
  addEventListener('click', (event) => {
    const link = event.target.closest?.('a[target=_blank]');
    if (!link) return;
    event.preventDefault();
    void __standInOpen(link.href);
  }, true);
`;

/** Runs a CommonJS preload with the two parts of \`electron\` that a sandboxed one is given. Main frame only. */
function asPreload(source: string): string {
  return `
    if (window === window.top) {
      const listeners = new Map();
      window.__standInTell = (channel, told) => {
        for (const listener of listeners.get(channel) ?? []) listener({}, told);
      };
      const electron = {
        contextBridge: {
          exposeInMainWorld: (key, value) => Object.defineProperty(window, key, { value: Object.freeze(value) }),
        },
        ipcRenderer: {
          invoke: (channel, payload) => __standInInvoke(channel, payload),
          on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
          off: (channel, listener) =>
            listeners.set(channel, (listeners.get(channel) ?? []).filter((one) => one !== listener)),
        },
      };
      const require = (name) => {
        if (name === 'electron') return electron;
        throw new Error('A sandboxed preload cannot require ' + name);
      };
      (function (require, module, exports) {${source}
      })(require, { exports: {} }, {});
    }
  `;
}
