/** What programs read from the environment besides settings: the terminal's wishes, and secrets that belong on no command line. */

export interface Environment {
  /** `WATCHLINE_TOKEN`: opens the hub that `watchline tail` reads. */
  token: string | null;
  /** `WATCHLINE_DEBUG`: errors are printed with their stack. */
  isDebug: boolean;
  /** False: `NO_COLOR` is set (no-color.org), or the terminal is a dumb one. */
  allowsColour: boolean;
  /** True where a window or a browser can be shown. */
  hasDisplay: boolean;
  /** `PATH`: where programs are looked for. */
  searchPath: string;
}

export function readEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): Environment {
  return {
    token: env['WATCHLINE_TOKEN']?.trim() || null,
    isDebug: ['1', 'true', 'yes', 'on'].includes((env['WATCHLINE_DEBUG'] ?? '').toLowerCase()),
    allowsColour: !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    hasDisplay: platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']),
    searchPath: env['PATH'] ?? '',
  };
}
