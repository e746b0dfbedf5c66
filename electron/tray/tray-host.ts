/** Whether this desktop shows tray icons at all. Where it does not, a hidden window could never be found again. */
import { execFile } from 'node:child_process';

const ASK_LIMIT_MS = 1_000;

/** Windows and macOS always do; on Linux somebody must own the StatusNotifierWatcher (plain GNOME has none). */
export function hasTrayHost(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (platform !== 'linux') return Promise.resolve(true);
  const question = [
    '--session',
    '--print-reply',
    '--dest=org.freedesktop.DBus',
    '/org/freedesktop/DBus',
    'org.freedesktop.DBus.NameHasOwner',
    'string:org.kde.StatusNotifierWatcher',
  ];
  return new Promise((resolve) => {
    execFile('dbus-send', question, { timeout: ASK_LIMIT_MS, env }, (trouble, answer) => {
      resolve(trouble === null && /boolean true/.test(answer));
    });
  });
}
