/**
 * The preload bridge in one table: what the page may ask of the desktop shell, and what the shell tells the page.
 * The preload exposes it as `window.watchline`, the main process answers it, the page reads its types from here.
 * In a browser there is no bridge: the page must work without any of it.
 */
import * as z from 'zod/mini';

export const themeSource = z.enum(['system', 'light', 'dark']);
export type ThemeSource = z.infer<typeof themeSource>;

/** Asked by the page, answered once. Each is `bridge.<name>(request): Promise<answer>`. */
export const bridgeRequests = {
  /** Versions to show in Settings > About. */
  about: {
    request: z.undefined(),
    answer: z.object({
      version: z.string(),
      platform: z.string(),
      electron: z.string(),
      chromium: z.string(),
      node: z.string(),
      /** False where closing the window ends the program. */
      staysInTray: z.boolean(),
      /** Why tokens of other hubs are kept unsealed, one sentence; null: the system's keyring seals them. */
      keyringWeakness: z.nullable(z.string()),
    }),
  },
  /** The page's theme: kept for the next start, so that the window opens in its colours. */
  setTheme: { request: themeSource, answer: z.void() },
  windowCommand: {
    request: z.enum(['minimize', 'toggleMaximize', 'toggleFullScreen', 'close']),
    answer: z.void(),
  },
  /** Opens an https address of the allow-list, or a link of a share, in the default browser. False: nothing was opened. */
  openExternal: { request: z.string().check(z.maxLength(2048)), answer: z.boolean() },
} as const;

/** Told by the shell. Each is heard with `bridge.on(name, listener)`, which answers a function that stops it. */
export const bridgeEvents = {
  /** Show this in-page path, such as `/logs`: a menu item or a deep link was chosen. */
  navigate: z.string().check(z.regex(/^\/[\w\-./?=&%:]*$/), z.maxLength(2048)),
  /** Open the command palette. */
  palette: z.void(),
} as const;

export type BridgeRequestName = keyof typeof bridgeRequests;
export type BridgeRequest<Name extends BridgeRequestName> = z.infer<(typeof bridgeRequests)[Name]['request']>;
export type BridgeAnswer<Name extends BridgeRequestName> = z.infer<(typeof bridgeRequests)[Name]['answer']>;
export type BridgeEventName = keyof typeof bridgeEvents;
export type BridgeEvent<Name extends BridgeEventName> = z.infer<(typeof bridgeEvents)[Name]>;

type Requests = {
  [Name in BridgeRequestName]: (
    ...request: BridgeRequest<Name> extends undefined ? [] : [BridgeRequest<Name>]
  ) => Promise<BridgeAnswer<Name>>;
};

/** What `window.watchline` is in the desktop window. */
export interface DesktopBridge extends Requests {
  on<Name extends BridgeEventName>(name: Name, listener: (event: BridgeEvent<Name>) => void): () => void;
}

/** The name of the bridge on the page's `window`. */
export const BRIDGE_KEY = 'watchline';

/** The IPC channel of a request or an event of the bridge. */
export function bridgeChannel(name: BridgeRequestName | BridgeEventName): string {
  return `watchline:${name}`;
}
