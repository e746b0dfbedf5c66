/**
 * Every setting once: where it may be given, and what it must be, in words. The parser of flags, the help, the
 * environment, the messages and docs/operations.md all come from this table.
 */

export interface Setting {
  /** Path in the config file and in `Config`. */
  key: string;
  /** On the command line, with its value's name. A `--no-` flag takes no value and means false. */
  flag: string;
  variable: string;
  kind: 'text' | 'number' | 'switch' | 'list';
  /** True for paths: `~/` is expanded, and a relative one is taken from the config file's folder or the current one. */
  isPath?: true;
  /** Completes "... must be". */
  mustBe: string;
  summary: string;
  /** What it is when it is not set, in words. */
  otherwise: string;
}

export const settings = [
  {
    key: 'headless',
    flag: '--headless',
    variable: 'WATCHLINE_HEADLESS',
    kind: 'switch',
    mustBe: 'true or false',
    summary: 'serve the dashboard without a desktop window',
    otherwise: 'a window where there can be one',
  },
  {
    key: 'hub.port',
    flag: '--port <number>',
    variable: 'WATCHLINE_PORT',
    kind: 'number',
    mustBe: 'a whole number from 0 (any free port) to 65535',
    summary: 'port to listen on',
    otherwise: '7400',
  },
  {
    key: 'hub.host',
    flag: '--host <address>',
    variable: 'WATCHLINE_HOST',
    kind: 'text',
    mustBe: 'an IP address of this machine, or localhost',
    summary: 'address to listen on; anything but loopback opens the hub to the network',
    otherwise: '127.0.0.1',
  },
  {
    key: 'hub.dataDir',
    flag: '--data <folder>',
    variable: 'WATCHLINE_DATA',
    kind: 'text',
    isPath: true,
    mustBe: 'the path of a folder',
    summary: 'folder for what is kept between starts',
    otherwise: "the platform's folder for state",
  },
  {
    key: 'hub.allowedHosts',
    flag: '--allow-host <name...>',
    variable: 'WATCHLINE_ALLOWED_HOSTS',
    kind: 'list',
    mustBe: 'a list of at most 64 host names',
    summary: 'further names this hub may be called by, as behind a reverse proxy',
    otherwise: 'none',
  },
  {
    key: 'hub.allowedOrigins',
    flag: '--allow-origin <origin...>',
    variable: 'WATCHLINE_ALLOWED_ORIGINS',
    kind: 'list',
    mustBe: 'a list of at most 64 origins such as https://dash.example, in lower case and without a path',
    summary: 'origins whose pages may read this hub with a token (CORS)',
    otherwise: 'none',
  },
  {
    key: 'hub.tls.enabled',
    flag: '--tls',
    variable: 'WATCHLINE_TLS',
    kind: 'switch',
    mustBe: 'true or false',
    summary: 'serve HTTPS, with a certificate the hub makes itself',
    otherwise: 'plain HTTP',
  },
  {
    key: 'hub.tls.cert',
    flag: '--tls-cert <file>',
    variable: 'WATCHLINE_TLS_CERT',
    kind: 'text',
    isPath: true,
    mustBe: 'the path of a PEM file',
    summary: 'serve HTTPS, with this certificate',
    otherwise: 'none',
  },
  {
    key: 'hub.tls.key',
    flag: '--tls-key <file>',
    variable: 'WATCHLINE_TLS_KEY',
    kind: 'text',
    isPath: true,
    mustBe: 'the path of a PEM file',
    summary: 'the key of that certificate',
    otherwise: 'none',
  },
  {
    key: 'hub.tokenFile',
    flag: '--token-file <file>',
    variable: 'WATCHLINE_TOKEN_FILE',
    kind: 'text',
    isPath: true,
    mustBe: 'the path of a file',
    summary: "file that keeps the owner's token, for other hubs that read this one; made where it is missing",
    otherwise: 'a new token with every start',
  },
  {
    key: 'hub.allowedTargets',
    flag: '--allow-target <name...>',
    variable: 'WATCHLINE_ALLOWED_TARGETS',
    kind: 'list',
    mustBe: 'a list of at most 64 names or IP addresses',
    summary: 'hubs that may be read at a link-local or metadata address',
    otherwise: 'none',
  },
  {
    key: 'hub.maxStreams',
    flag: '--max-streams <number>',
    variable: 'WATCHLINE_MAX_STREAMS',
    kind: 'number',
    mustBe: 'a whole number from 1 to 100000',
    summary: 'streams and held polls that may be open',
    otherwise: '10000',
  },
  {
    key: 'hub.maxStreamsPerToken',
    flag: '--max-streams-per-token <number>',
    variable: 'WATCHLINE_MAX_STREAMS_PER_TOKEN',
    kind: 'number',
    mustBe: 'a whole number from 1 to 100000',
    summary: '... of one token or session',
    otherwise: 'as many as in all',
  },
  {
    key: 'hub.maxStreamsPerAddress',
    flag: '--max-streams-per-address <number>',
    variable: 'WATCHLINE_MAX_STREAMS_PER_ADDRESS',
    kind: 'number',
    mustBe: 'a whole number from 1 to 100000',
    summary: '... of one address; behind a proxy all readers share one',
    otherwise: 'as many as in all',
  },
  {
    key: 'hub.flushWindowMs',
    flag: '--flush-window <ms>',
    variable: 'WATCHLINE_FLUSH_WINDOW_MS',
    kind: 'number',
    mustBe: 'a whole number of milliseconds from 0 to 1000',
    summary: 'events within this time leave as one write per reader; 0: those of one moment only',
    otherwise: '25',
  },
  {
    key: 'hub.rotateMs',
    flag: '--rotate <ms>',
    variable: 'WATCHLINE_ROTATE_MS',
    kind: 'number',
    mustBe: 'a whole number of milliseconds, 0 or from 10000 to 86400000',
    summary: 'a stream is asked to come back after about this time; 0: never',
    otherwise: '600000',
  },
  {
    key: 'hub.compression',
    flag: '--compression <when>',
    variable: 'WATCHLINE_COMPRESSION',
    kind: 'text',
    mustBe: 'auto, on or off',
    summary: 'zstd or gzip where a reader accepts it; auto: not on this machine itself',
    otherwise: 'auto',
  },
  {
    key: 'hub.intakeMebibytes',
    flag: '--intake-size <MiB>',
    variable: 'WATCHLINE_INTAKE_SIZE',
    kind: 'number',
    mustBe: 'a whole number of MiB from 8 to 4096',
    summary: 'room for what agents sent, kept for the next start; more takes longer to read then',
    otherwise: '96',
  },
  {
    key: 'hub.intakeMinutes',
    flag: '--intake-age <minutes>',
    variable: 'WATCHLINE_INTAKE_AGE',
    kind: 'number',
    mustBe: 'a whole number of minutes from 1 to 1440',
    summary: '... and for how long',
    otherwise: '15',
  },
  {
    key: 'hub.openBrowser',
    flag: '--no-open',
    variable: 'WATCHLINE_OPEN_BROWSER',
    kind: 'switch',
    mustBe: 'true or false',
    summary: 'do not open a browser at start',
    otherwise: 'true',
  },
  {
    key: 'agent.name',
    flag: '--name <name>',
    variable: 'WATCHLINE_NAME',
    kind: 'text',
    mustBe: 'a name of 1 to 255 characters',
    summary: 'what this machine is called',
    otherwise: 'its host name',
  },
  {
    key: 'agent.intervalMs',
    flag: '--interval <ms>',
    variable: 'WATCHLINE_INTERVAL_MS',
    kind: 'number',
    mustBe: 'a whole number of milliseconds from 250 to 3600000',
    summary: 'time between two samples',
    otherwise: '1000',
  },
  {
    key: 'agent.processesIntervalMs',
    flag: '--processes-interval <ms>',
    variable: 'WATCHLINE_PROCESSES_INTERVAL_MS',
    kind: 'number',
    mustBe: 'a whole number of milliseconds from 250 to 3600000',
    summary: 'time between two process tables',
    otherwise: '2000',
  },
  {
    key: 'agent.logs.files',
    flag: '--logs <glob...>',
    variable: 'WATCHLINE_LOGS',
    kind: 'list',
    isPath: true,
    mustBe: 'a list of at most 256 paths or globs',
    summary: 'log files to follow',
    otherwise: 'those under /var/log',
  },
  {
    key: 'agent.logs.exclude',
    flag: '--exclude-logs <glob...>',
    variable: 'WATCHLINE_EXCLUDE_LOGS',
    kind: 'list',
    mustBe: 'a list of at most 256 globs',
    summary: 'log files to leave out',
    otherwise: 'none',
  },
  {
    key: 'agent.logs.journal',
    flag: '--no-journal',
    variable: 'WATCHLINE_JOURNAL',
    kind: 'switch',
    mustBe: 'true or false',
    summary: 'do not follow the systemd journal',
    otherwise: 'true',
  },
  {
    key: 'uplink.hub',
    flag: '--hub <url>',
    variable: 'WATCHLINE_HUB',
    kind: 'text',
    mustBe: 'an address like https://hub.example:7400, without a path',
    summary: 'the hub an agent sends to',
    otherwise: 'the one it was paired with',
  },
  {
    key: 'uplink.code',
    flag: '--code <code>',
    variable: 'WATCHLINE_CODE',
    kind: 'text',
    mustBe: 'a pairing code like ABCD-EFGH, as the dashboard shows it',
    summary: 'pairs with that hub, once',
    otherwise: 'none: paired before',
  },
  {
    key: 'uplink.pin',
    flag: '--pin <pin>',
    variable: 'WATCHLINE_PIN',
    kind: 'text',
    mustBe: 'a public-key pin: sha256/ and 43 characters',
    summary: "the hub's public key, checked before anything is sent",
    otherwise: 'the one it was paired with',
  },
  {
    key: 'uplink.ca',
    flag: '--ca <file>',
    variable: 'WATCHLINE_CA',
    kind: 'text',
    isPath: true,
    mustBe: 'the path of a PEM file',
    summary: "authorities that vouch for the hub's certificate, instead of the system's",
    otherwise: 'those it was paired with',
  },
  {
    key: 'uplink.dataDir',
    flag: '--data <folder>',
    variable: 'WATCHLINE_AGENT_DATA',
    kind: 'text',
    isPath: true,
    mustBe: 'the path of a folder',
    summary: 'folder for what an agent keeps between starts: its token, and what it could not send yet',
    otherwise: 'STATE_DIRECTORY, else agent in the data folder',
  },
  {
    key: 'uplink.spoolMebibytes',
    flag: '--spool-size <MiB>',
    variable: 'WATCHLINE_SPOOL_SIZE',
    kind: 'number',
    mustBe: 'a whole number of MiB from 8 to 65536',
    summary: 'room for what an agent could not send yet; past it the oldest goes',
    otherwise: '256',
  },
  {
    key: 'uplink.spoolHours',
    flag: '--spool-age <hours>',
    variable: 'WATCHLINE_SPOOL_AGE',
    kind: 'number',
    mustBe: 'a whole number of hours from 1 to 720',
    summary: '... and for how long',
    otherwise: '24',
  },
] as const satisfies readonly Setting[];

/** Of a hub, and of the desktop app: it observes its own machine, and has no uplink. */
export const hubSettings: readonly Setting[] = settings.filter(({ key }) => !key.startsWith('uplink.'));

/** Of an agent that sends to a hub elsewhere. */
export const agentSettings: readonly Setting[] = settings.filter(({ key }) => /^(uplink|agent)\./.test(key));

/** The config file itself is named by a flag or the environment only. */
export const configFileSetting = {
  flag: '--config <file>',
  variable: 'WATCHLINE_CONFIG',
  summary: 'config file, YAML or JSON',
} as const;

/** "--processes-interval <ms>" is handed over as `processesInterval`, "--no-open" as `open`, as commander names them. */
export function flagName(flag: string): string {
  const word = flag.split(' ')[0]!.replace(/^--(no-)?/, '');
  return word.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
