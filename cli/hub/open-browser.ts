/** Opens an address in the default browser, if there is one. */
import { spawn } from 'node:child_process';

const openers: Partial<Record<NodeJS.Platform, [program: string, ...parameters: string[]]>> = {
  darwin: ['open'],
  // `start` would go through cmd.exe, which obeys & and ^ in an address.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Never fails: the address was printed too. */
export function openBrowser(url: string): void {
  const [program, ...parameters] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...parameters, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
