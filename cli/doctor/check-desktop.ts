/** Whether a window can be shown: a display, and a browser or Electron's runtime. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { readEnvironment } from '../../hub/config/environment.ts';
import { ok, warn, type Finding } from './check.ts';

const browsers = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'firefox',
  'xdg-open',
];

export async function checkDesktop(): Promise<Finding[]> {
  const { hasDisplay, searchPath } = readEnvironment();
  if (!hasDisplay) return [ok('no display: the dashboard is served to a browser elsewhere')];
  if (process.platform !== 'linux') return [ok('a display')];
  const found = browsers.find((name) =>
    searchPath.split(delimiter).some((folder) => existsSync(join(folder, name))),
  );
  if (found !== undefined) return [ok(`a display, and ${found} to show the dashboard`)];
  return [
    warn('a display, but no browser', 'Install one, or open the printed address in a browser elsewhere.'),
  ];
}
