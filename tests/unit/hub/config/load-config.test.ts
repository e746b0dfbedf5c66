/** Precedence of settings, and the exact sentence for each kind of mistake. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../hub/config/config-error.ts';
import { loadConfig, type Flags } from '../../../../hub/config/load-config.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchline-config-'));
  file = join(folder, 'config.yaml');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function load(flags: Flags = {}, env: Record<string, string> = {}): ReturnType<typeof loadConfig> {
  return loadConfig({ flags, env, homeDir: folder, platform: 'linux', workingDir: folder });
}

async function mistake(
  text: string | null,
  flags: Flags = {},
  env: Record<string, string> = {},
): Promise<ConfigError> {
  if (text !== null) await writeFile(file, text);
  const error: unknown = await load(text === null ? flags : { ...flags, config: file }, env).catch(
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return error as ConfigError;
}

describe('precedence', () => {
  it('has defaults for everything', async () => {
    expect(await load()).toMatchObject({
      headless: false,
      hub: {
        host: '127.0.0.1',
        port: 7400,
        dataDir: join(folder, '.local/state/watchline'),
        openBrowser: true,
      },
      agent: { name: null, intervalMs: 1000, processesIntervalMs: 2000, logs: { journal: true } },
    });
  });

  it('prefers flags to the environment, the environment to the file, the file to defaults', async () => {
    await writeFile(file, 'hub: { port: 1001, host: "::1" }\nagent: { name: from-file, intervalMs: 5000 }\n');
    const env = { WATCHLINE_CONFIG: file, WATCHLINE_PORT: '1002', WATCHLINE_NAME: 'from-variable' };
    const config = await load({ port: '1003' }, env);
    expect(config.hub).toMatchObject({ port: 1003, host: '::1' });
    expect(config.agent).toMatchObject({
      name: 'from-variable',
      intervalMs: 5000,
      processesIntervalMs: 2000,
    });
  });

  it('reads the config file of the config folder when none is named', async () => {
    const xdg = { XDG_CONFIG_HOME: join(folder, 'settings') };
    const { mkdir } = await import('node:fs/promises');
    await mkdir(join(folder, 'settings', 'watchline'), { recursive: true });
    await writeFile(join(folder, 'settings', 'watchline', 'config.yaml'), 'hub:\n  port: 1234\n');
    expect((await load({}, xdg)).hub.port).toBe(1234);
  });

  it('reads lists of the environment with spaces about their commas', async () => {
    const { hub, agent } = await load(
      {},
      {
        WATCHLINE_ALLOWED_ORIGINS: 'https://a.example, https://b.example',
        WATCHLINE_UNITS: 'nginx , postgresql,',
      },
    );
    expect(hub.allowedOrigins).toEqual(['https://a.example', 'https://b.example']);
    expect(agent.logs.units).toEqual(['nginx', 'postgresql']);
  });

  it('reads JSON, and an empty file', async () => {
    await writeFile(file, '{\n\t"hub": { "port": 9 }\n}\n');
    expect((await load({ config: file })).hub.port).toBe(9);
    await writeFile(file, '# nothing yet\n');
    expect((await load({ config: file })).hub.port).toBe(7400);
  });

  it('treats an empty variable as not set, and a flag that was not negated as not given', async () => {
    const config = await load(
      { open: true, journal: true },
      { WATCHLINE_PORT: '', WATCHLINE_JOURNAL: 'off' },
    );
    expect(config.hub.port).toBe(7400);
    expect(config.agent.logs.journal).toBe(false);
    expect((await load({ open: false })).hub.openBrowser).toBe(false);
  });

  it('takes paths from where they were written, and ~ as the home folder', async () => {
    await writeFile(file, 'hub: { dataDir: state }\nagent: { logs: { files: [~/app.log, logs/*.log] } }\n');
    const config = await loadConfig({
      flags: { config: file },
      env: {},
      homeDir: '/home/ana',
      platform: 'linux',
      workingDir: '/elsewhere',
    });
    expect(config.hub.dataDir).toBe(join(folder, 'state'));
    expect(config.agent.logs.files).toEqual(['/home/ana/app.log', join(folder, 'logs/*.log')]);
    const split = await load({}, { WATCHLINE_LOGS: '/var/log/{a,b}.log:relative.log' });
    expect(split.agent.logs.files).toEqual(['/var/log/{a,b}.log', join(folder, 'relative.log')]);
  });

  it('cannot be changed by whoever it is given to', async () => {
    const config = await load();
    expect(() => ((config.agent.logs as { journal: boolean }).journal = false)).toThrow(TypeError);
    expect(Object.isFrozen(config.agent.logs.files)).toBe(true);
  });
});

describe('mistakes', () => {
  const inFile: [name: string, text: string, message: string, remedy: string][] = [
    [
      'a wrong value',
      'hub:\n  host: 127.0.0.1\n  port: eighty\n',
      ', line 3: hub.port is "eighty", but must be a whole number from 0 (any free port) to 65535 that browsers connect to.',
      'Correct that line, or remove hub.port for the default.',
    ],
    [
      'a value out of range',
      'agent:\n  intervalMs: 5\n',
      ', line 2: agent.intervalMs is 5, but must be a whole number of milliseconds from 250 to 3600000.',
      'Correct that line, or remove agent.intervalMs for the default.',
    ],
    [
      'a wrong item of a list, by its own line',
      'agent:\n  logs:\n    files:\n      - /var/log/a.log\n      - 7\n',
      `, line 5: agent.logs.files is ["/var/log/a.log",7], but must be a list of at most 256 paths or globs.`,
      'Correct that line, or remove agent.logs.files for the default.',
    ],
    [
      'an unknown setting, with the nearest known one',
      '\nhub:\n  prot: 80\n',
      ', line 3: there is no setting "hub.prot". Did you mean "hub.port"?',
      'Rename or remove it; docs/operations.md lists all settings.',
    ],
    [
      'an unknown setting like no other',
      'telemetry: yes\n',
      ', line 1: there is no setting "telemetry".',
      'Rename or remove it; docs/operations.md lists all settings.',
    ],
    [
      'a hostile key',
      '__proto__: { polluted: true }\n',
      ', line 1: there is no setting "__proto__".',
      'Rename or remove it; docs/operations.md lists all settings.',
    ],
    [
      'a value where a group belongs',
      'headless: true\nhub: 7400\n',
      ', line 2: hub is 7400, but must be a group of settings (hub.port, hub.host, hub.dataDir, hub.allowedHosts, hub.allowedOrigins, hub.tls.enabled, hub.tls.cert, hub.tls.key, hub.reach.network, hub.reach.port, hub.reach.cert, hub.reach.key, hub.reach.publicUrl, hub.reach.trustedProxies, hub.tokenFile, hub.allowedTargets, hub.openBrowser, hub.maxStreams, hub.maxStreamsPerToken, hub.maxStreamsPerAddress, hub.flushWindowMs, hub.rotateMs, hub.compression, hub.intakeMebibytes, hub.intakeMinutes, hub.logArchiveMebibytes, hub.logArchiveDays, hub.historyMebibytes, hub.historyKeep).',
      'Write the settings below it, each on its own line and indented.',
    ],
    [
      'text that is neither YAML nor JSON',
      'hub:\n  port: 1\n port: 2\n',
      ', line 3: this is not valid YAML or JSON: All mapping items must start at the same column.',
      'Correct that line.',
    ],
    [
      'a setting given twice',
      'hub:\n  port: 1\n  port: 2\n',
      ', line 3: this is not valid YAML or JSON: Map keys must be unique.',
      'Correct that line.',
    ],
    [
      'a list of things',
      '- 7400\n',
      ', line 1: the file must be a list of settings like "hub:", each on its own line.',
      'See docs/operations.md for an example.',
    ],
  ];

  it.each(inFile)('%s', async (_name, text, message, remedy) => {
    const error = await mistake(text);
    expect(error.message).toBe(file + message);
    expect(error.remedy).toBe(remedy);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('in a flag or a variable names it', async () => {
    const flag = await mistake(null, { port: '70000' });
    expect((await mistake(null, { port: '6000' })).message).toContain('--port is 6000, but must be');
    expect(flag.message).toBe(
      '--port is 70000, but must be a whole number from 0 (any free port) to 65535 that browsers connect to.',
    );
    expect(flag.remedy).toBe('Give --port such a value, or leave it out for the default.');
    const variable = await mistake(null, {}, { WATCHLINE_HOST: 'tcp://10.0.0.1' });
    expect(variable.message).toBe(
      'WATCHLINE_HOST is "tcp://10.0.0.1", but must be an IP address of this machine, or localhost.',
    );
    expect(variable.remedy).toBe('Set WATCHLINE_HOST to such a value, or unset it for the default.');
  });

  it('of a file that is not there, not a file, or far too large', async () => {
    expect((await mistake(null, { config: 'absent.yaml' })).message).toBe(
      `The config file ${join(folder, 'absent.yaml')} does not exist.`,
    );
    expect((await mistake(null, { config: folder })).message).toBe(`${folder} is not a file.`);
    expect((await mistake(`# ${'x'.repeat(300_000)}\n`)).message).toBe(
      `${file} has 300003 bytes, but a config file has at most 262144.`,
    );
  });
});
