/**
 * Deep links: `watchline://host/web-1?at=...` shows that host in the window. What a link may name is listed here; the
 * rest is dropped, because any page in any browser can open one.
 */
import { app } from 'electron';

const screens: ReadonlyMap<string, (rest: string) => string | null> = new Map([
  ['overview', (rest) => (rest === '' ? '/' : null)],
  ['logs', (rest) => (rest === '' ? '/logs' : null)],
  ['host', (rest) => (/^[\w.-]{1,128}$/.test(rest) ? `/host/${rest}` : null)],
]);

/** Longer than any link of ours. */
const MAX_LENGTH = 2048;

export function setupDeepLinks(show: (path: string) => void): { follow(argv: readonly string[]): boolean } {
  // macOS tells a running program; elsewhere the link arrives as an argument of a second launch.
  app.on('open-url', (event, address) => {
    event.preventDefault();
    const path = deepLinkPath(address);
    if (path !== null) show(path);
  });
  return {
    follow(argv) {
      const path = argv.map(deepLinkPath).find((found) => found !== null);
      if (path === undefined) return false;
      show(path);
      return true;
    },
  };
}

/** The in-page path a link leads to, or null for everything that is not a deep link of ours. */
export function deepLinkPath(address: string): string | null {
  if (address.length > MAX_LENGTH || !address.startsWith('watchline://')) return null;
  const url = URL.parse(address);
  if (url === null || url.username || url.port || url.hash) return null;
  const path = screens.get(url.hostname)?.(url.pathname.replace(/^\//, '')) ?? null;
  if (path === null || !/^(\?[\w\-.=&%:]*)?$/.test(url.search)) return null;
  return path + url.search;
}
