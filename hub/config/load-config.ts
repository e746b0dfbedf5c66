/**
 * Flags, environment, config file and defaults become one validated, frozen configuration, in that order of
 * precedence. The only place that reads settings; everything else is given its part.
 */
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import { defaultLogFiles } from '../../collect/logs/default-log-files.ts';
import { configSchema, type Config } from './config.ts';
import { ConfigError, type Origin } from './config-error.ts';
import { readConfigFile, type ConfigFile } from './config-file.ts';
import { deepFreeze } from './deep-freeze.ts';
import { explain } from './explain.ts';
import { defaultAgentDir, defaultConfigFile, defaultDataDir, type Surroundings } from './folders.ts';
import { configFileSetting, flagName, settings, type Setting } from './settings.ts';
import { copyTree, setAt, valueAt, type Tree } from './tree.ts';

/** As a command-line parser hands them over: see `flagName`. Absent: not given. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** Everything defaults to this process's own; tests give theirs. */
export interface LoadConfigOptions extends Partial<Surroundings> {
  flags?: Flags;
  /** What relative paths in flags and environment are taken from. */
  workingDir?: string;
}

/** Throws a ConfigError for the first mistake. */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<Config> {
  const { flags = {}, workingDir = process.cwd(), ...rest } = options;
  const surroundings: Surroundings = {
    env: rest.env ?? process.env,
    homeDir: rest.homeDir ?? homedir(),
    platform: rest.platform ?? process.platform,
  };
  const file = await findConfigFile(flags, surroundings, workingDir);
  const paths = new Paths(surroundings);

  const tree = defaults(surroundings);
  const origins = new Map<string, Origin>();
  if (file !== null) {
    mergeFile(tree, file, origins);
    paths.resolveAll(tree, paths.style.dirname(file.path));
  }
  for (const setting of settings) {
    const given = fromFlag(setting, flags) ?? fromVariable(setting, surroundings);
    if (given === null) continue;
    setAt(tree, setting.key, paths.resolve(setting, given.value, workingDir));
    origins.set(setting.key, given.origin);
  }

  const parsed = configSchema().safeParse(tree);
  if (!parsed.success) throw explain(parsed.error.issues, tree, origins, file);
  return deepFreeze(parsed.data);
}

function defaults({ platform, ...surroundings }: Surroundings): Tree {
  return {
    headless: false,
    hub: {
      host: '127.0.0.1',
      port: 7400,
      dataDir: defaultDataDir({ platform, ...surroundings }),
      allowedHosts: [],
      allowedOrigins: [],
      tokenFile: null,
      allowedTargets: [],
      maxStreams: 10_000,
      maxStreamsPerToken: null,
      maxStreamsPerAddress: null,
      flushWindowMs: 25,
      rotateMs: 600_000,
      compression: 'auto',
      intakeMebibytes: 96,
      intakeMinutes: 15,
      logArchiveMebibytes: 1_024,
      logArchiveDays: 7,
      historyMebibytes: 2_048,
      historyKeep: [],
      tls: { enabled: false, cert: null, key: null },
      reach: { network: null, port: null, cert: null, key: null, publicUrl: null, trustedProxies: null },
      openBrowser: true,
    },
    agent: {
      name: null,
      intervalMs: 1_000,
      processesIntervalMs: 2_000,
      logs: {
        files: defaultLogFiles[platform] ?? [],
        exclude: [],
        journal: true,
        units: [],
        containers: true,
        containerSocket: null,
        stdin: null,
      },
      redact: [],
    },
    uplink: {
      hub: null,
      code: null,
      pin: null,
      ca: null,
      dataDir: defaultAgentDir({ platform, ...surroundings }),
      spoolMebibytes: 256,
      spoolHours: 24,
    },
  };
}

async function findConfigFile(
  flags: Flags,
  surroundings: Surroundings,
  workingDir: string,
): Promise<ConfigFile | null> {
  const named = flags[flagName(configFileSetting.flag)] ?? surroundings.env[configFileSetting.variable];
  if (typeof named !== 'string' || named === '') return readConfigFile(defaultConfigFile(surroundings), true);
  return readConfigFile(new Paths(surroundings).absolute(named, workingDir), false);
}

/** Lays the file over the defaults, key by key; a group that is not one is left for the schema to refuse. */
function mergeFile(tree: Tree, file: ConfigFile, origins: Map<string, Origin>): void {
  if (typeof file.value !== 'object' || file.value === null || Array.isArray(file.value)) {
    const origin = { kind: 'file', path: file.path, line: 1 } as const;
    throw new ConfigError(
      `${file.path}, line 1: the file must be a list of settings like "hub:", each on its own line.`,
      'See docs/operations.md for an example.',
      origin,
      null,
    );
  }
  copyTree(tree, file.value as Tree, (keys) => {
    origins.set(keys.join('.'), { kind: 'file', path: file.path, line: file.lineOf(keys) });
  });
}

interface Given {
  value: unknown;
  origin: Origin;
}

function fromFlag(setting: Setting, flags: Flags): Given | null {
  const value = flags[flagName(setting.flag)];
  if (value === undefined) return null;
  // Parsers hand over `true` for a `--no-` flag that was not given.
  if (setting.flag.startsWith('--no-') && value !== false) return null;
  const origin = { kind: 'flag', name: setting.flag.split(' ')[0]! } as const;
  return { value: typeof value === 'string' ? fromText(setting, value) : value, origin };
}

function fromVariable(setting: Setting, { env, platform }: Surroundings): Given | null {
  const text = env[setting.variable];
  if (text === undefined || text === '') return null;
  const origin = { kind: 'variable', name: setting.variable } as const;
  if (setting.kind !== 'list') return { value: fromText(setting, text), origin };
  // Like PATH: a comma may be part of a glob.
  if (setting.isPath) {
    const separator = platform === 'win32' ? ';' : ':';
    return { value: text.split(separator).filter((word) => word.trim() !== ''), origin };
  }
  const words = text.split(',').map((word) => word.trim());
  return { value: words.filter((word) => word !== ''), origin };
}

/** What is not of the setting's kind stays text, and the schema refuses it. */
function fromText({ kind }: Setting, text: string): unknown {
  if (kind === 'number') return /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : text;
  if (kind === 'list') return [text];
  if (kind === 'text') return text;
  if (['1', 'true', 'yes', 'on'].includes(text.toLowerCase())) return true;
  return ['0', 'false', 'no', 'off'].includes(text.toLowerCase()) ? false : text;
}

/** Paths as people write them: `~/`, and relative to a folder that depends on where they were written. */
class Paths {
  readonly style: typeof posix;
  readonly #homeDir: string;

  constructor({ platform, homeDir }: Surroundings) {
    this.style = platform === 'win32' ? win32 : posix;
    this.#homeDir = homeDir;
  }

  absolute(path: string, from: string): string {
    if (path === '~' || path.startsWith('~/')) return this.style.join(this.#homeDir, path.slice(1));
    return this.style.resolve(from, path);
  }

  resolve(setting: Setting, value: unknown, from: string): unknown {
    if (!setting.isPath) return value;
    if (typeof value === 'string') return value.trim() === '' ? value : this.absolute(value, from);
    if (!Array.isArray(value)) return value;
    return value.map((word: unknown) => this.resolve(setting, word, from));
  }

  resolveAll(tree: Tree, from: string): void {
    for (const setting of settings)
      setAt(tree, setting.key, this.resolve(setting, valueAt(tree, setting.key), from));
  }
}
