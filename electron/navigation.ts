/**
 * The page stays the hub's page: no navigation elsewhere, no second window, no webview. A link to an https address
 * of the allow-list opens in the default browser; every other is dropped.
 */
import { app, shell, type WebContents } from 'electron';
import { shareTokenIn } from '../shared/share-link.ts';

/** Where the program's own links lead. Links inside log lines are shown as text and never opened. */
const outsideHosts: ReadonlySet<string> = new Set(['github.com', 'www.github.com']);

export function setupNavigation(hubOrigin: string): void {
  app.on('web-contents-created', (_event, contents) => guard(contents, hubOrigin));
}

function guard(contents: WebContents, hubOrigin: string) {
  // Fires for the main frame and every frame in it.
  contents.on('will-frame-navigate', (event) => {
    if (originOf(event.url) === hubOrigin) return;
    event.preventDefault();
    if (event.isMainFrame) void openOutside(event.url);
  });
  contents.on('will-redirect', (event) => {
    if (originOf(event.url) !== hubOrigin) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    void openOutside(url);
    return { action: 'deny' };
  });
}

/**
 * `linkOrigin`: where the hub's share links lead, which its own page may have opened to look at a share as others see it; null: a
 * link of no kind. False where nothing was opened: not allowed, or no browser took it.
 */
export async function openOutside(address: string, linkOrigin: string | null = null): Promise<boolean> {
  const url = URL.parse(address);
  if (url === null || !(isListed(url) || (url.origin === linkOrigin && isShareLink(url)))) return false;
  try {
    await shell.openExternal(url.href);
    return true;
  } catch {
    return false;
  }
}

function isListed({ protocol, hostname, username, port }: URL): boolean {
  return protocol === 'https:' && outsideHosts.has(hostname) && username === '' && port === '';
}

function isShareLink(url: URL): boolean {
  const token = shareTokenIn(url);
  return token !== null && token !== 'cut' && url.username === '' && url.search === '';
}

function originOf(address: string): string | null {
  return URL.parse(address)?.origin ?? null;
}
