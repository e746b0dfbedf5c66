/** Each platform's own places. */
import { expect, it } from 'vitest';
import { defaultConfigFile, defaultDataDir } from '../../../../hub/config/folders.ts';

it.each([
  ['linux', {}, '/h/.local/state/watchline', '/h/.config/watchline/config.yaml'],
  ['linux', { XDG_STATE_HOME: '/s', XDG_CONFIG_HOME: '/c' }, '/s/watchline', '/c/watchline/config.yaml'],
  ['linux', { XDG_STATE_HOME: 'relative' }, '/h/.local/state/watchline', '/h/.config/watchline/config.yaml'],
  [
    'darwin',
    {},
    '/h/Library/Application Support/Watchline',
    '/h/Library/Application Support/Watchline/config.yaml',
  ],
  ['win32', { LOCALAPPDATA: 'C:\\L', APPDATA: 'C:\\R' }, 'C:\\L\\Watchline', 'C:\\R\\Watchline\\config.yaml'],
] as const)('on %s with %j', (platform, env, dataDir, configFile) => {
  const surroundings = { platform, env, homeDir: '/h' };
  expect(defaultDataDir(surroundings)).toBe(dataDir);
  expect(defaultConfigFile(surroundings)).toBe(configFile);
});
