/** Finds a Chromium for browser tests, benches and screenshots. */
import { existsSync, globSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const fixedPlaces: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
};

/** `WATCHLINE_CHROMIUM`, else the first on the PATH, else where installers put it, else Playwright's own; or null. */
export function findChromium(): string | null {
  const chosen = process.env['WATCHLINE_CHROMIUM'];
  if (chosen) return existsSync(chosen) ? chosen : null;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
  return (
    [...candidates, ...(fixedPlaces[process.platform] ?? []), ...playwrightOwn()].find(existsSync) ?? null
  );
}

/** Playwright keeps browsers in a folder per revision; the newest is last. */
function playwrightOwn(): string[] {
  const caches: Partial<Record<NodeJS.Platform, string>> = {
    darwin: join(homedir(), 'Library', 'Caches', 'ms-playwright'),
    win32: join(process.env['LOCALAPPDATA'] ?? homedir(), 'ms-playwright'),
  };
  const cache =
    process.env['PLAYWRIGHT_BROWSERS_PATH'] ??
    caches[process.platform] ??
    join(homedir(), '.cache', 'ms-playwright');
  const programs = [
    'chromium-*/chrome-linux*/chrome',
    'chromium-*/chrome-mac*/*.app/Contents/MacOS/*',
    'chromium-*/chrome-win*/chrome.exe',
  ];
  return globSync(programs, { cwd: cache })
    .sort()
    .reverse()
    .map((file) => join(cache, file));
}
