/** `watchline agent install` and `watchline agent uninstall`. */
import path from 'node:path';
import { loadConfig, type Flags } from '../../../hub/config/load-config.ts';
import { agentSettings, flagName } from '../../../hub/config/settings.ts';
import { WatchlineError } from '../../../shared/errors.ts';
import { hubNodeFlags } from '../../launcher/node-flags.mjs';
import { agentProgram } from './agent-program.ts';
import { installAgent, uninstallAgent, unitOf } from './install-agent.ts';

/** Not for the unit: the code is a secret, and the folder systemd's business. */
const NOT_IN_UNIT = ['uplink.code', 'uplink.dataDir'];

/** Resolves with the exit code. Throws an `InstallError`, or a `ConfigError` for flags the agent could not run with. */
export async function runInstall(flags: Flags): Promise<number> {
  const { uplink } = await loadConfig({ flags: without(flags, ['user', 'print', 'root']) });
  if (uplink.hub === null) {
    throw new WatchlineError('usage', 'The line lacks the hub.', {
      remedy: 'Take the whole line from "Add a server" on the dashboard, with "install" behind "agent".',
    });
  }
  const options = {
    root: path.resolve(String(flags['root'] ?? '/')),
    command: [...agentProgram(process.execPath, hubNodeFlags, process.argv[1]!), 'agent', ...wordsOf(flags)],
    user: (flags['user'] as string | undefined) ?? null,
  };
  if (flags['print'] === true) process.stdout.write(unitOf(options));
  else process.stdout.write(`${installAgent({ ...options, code: uplink.code }).join('\n')}\n`);
  return 0;
}

export function runUninstall(flags: Flags): number {
  const done = uninstallAgent(path.resolve(String(flags['root'] ?? '/')), flags['purge'] === true);
  process.stdout.write(`${done.join('\n')}\n`);
  return 0;
}

/** The flags that were given, as words of a command line. */
function wordsOf(flags: Flags): string[] {
  return agentSettings
    .filter(({ key }) => !NOT_IN_UNIT.includes(key))
    .flatMap(({ flag, isPath }) => {
      const name = flag.split(' ')[0]!;
      const value = flags[flagName(flag)];
      if (name.startsWith('--no-')) return value === false ? [name] : [];
      const values = value === undefined ? [] : [value].flat();
      return values.flatMap((word) => [name, isPath === true ? path.resolve(String(word)) : String(word)]);
    });
}

function without(flags: Flags, names: readonly string[]): Flags {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => !names.includes(name)));
}
