/** Where each platform keeps a program's state and its settings. */
import { posix, win32 } from 'node:path';

export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  homeDir: string;
  platform: NodeJS.Platform;
}

/**
 * What is kept between starts: $XDG_STATE_HOME/watchline (XDG base directory specification 0.8),
 * ~/Library/Application Support/Watchline, %LOCALAPPDATA%\Watchline.
 */
export function defaultDataDir({ env, homeDir, platform }: Surroundings): string {
  if (platform === 'win32')
    return win32.join(env['LOCALAPPDATA'] ?? win32.join(homeDir, 'AppData', 'Local'), 'Watchline');
  if (platform === 'darwin') return posix.join(homeDir, 'Library', 'Application Support', 'Watchline');
  return posix.join(absoluteOr(env['XDG_STATE_HOME'], posix.join(homeDir, '.local', 'state')), 'watchline');
}

/** What an agent keeps: in the folder its supervisor made for it (systemd's StateDirectory=), else below the one above. */
export function defaultAgentDir(surroundings: Surroundings): string {
  const given = surroundings.env['STATE_DIRECTORY']?.split(':')[0];
  if (given !== undefined && posix.isAbsolute(given)) return given;
  const style = surroundings.platform === 'win32' ? win32 : posix;
  return style.join(defaultDataDir(surroundings), 'agent');
}

/** The config file that is read when it exists and none is named. */
export function defaultConfigFile({ env, homeDir, platform }: Surroundings): string {
  if (platform === 'win32')
    return win32.join(
      env['APPDATA'] ?? win32.join(homeDir, 'AppData', 'Roaming'),
      'Watchline',
      'config.yaml',
    );
  if (platform === 'darwin')
    return posix.join(homeDir, 'Library', 'Application Support', 'Watchline', 'config.yaml');
  return posix.join(
    absoluteOr(env['XDG_CONFIG_HOME'], posix.join(homeDir, '.config')),
    'watchline',
    'config.yaml',
  );
}

/** The specification: a relative path in these variables is invalid and to be ignored. */
function absoluteOr(folder: string | undefined, fallback: string): string {
  return folder !== undefined && posix.isAbsolute(folder) ? folder : fallback;
}
