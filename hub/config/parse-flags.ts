/** Reads the flags of settings from a command line, for a program without commands of its own (the desktop app). */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { ConfigError } from './config-error.ts';
import type { Flags } from './load-config.ts';
import { nearest } from './nearest.ts';
import { configFileSetting, flagName, settings, type Setting } from './settings.ts';

/** Unknown flags are errors, with the nearest known one; words that are no flags are left alone. */
export function parseFlags(argv: readonly string[]): Flags {
  const options: ParseArgsOptionsConfig = { config: { type: 'string' } };
  for (const setting of settings as readonly Setting[]) {
    const name = setting.flag.split(' ')[0]!.slice(2);
    options[name] = {
      type: setting.kind === 'switch' ? 'boolean' : 'string',
      multiple: setting.kind === 'list',
    };
  }
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const flags: Record<string, string | boolean | string[]> = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = options[token.name];
    if (option === undefined) throw unknownFlag(token.rawName, Object.keys(options));
    if (option.type === 'string' && token.value === undefined) throw withoutValue(token.rawName);
    const name = flagName(token.rawName);
    if (option.type === 'boolean') flags[name] = !token.rawName.startsWith('--no-');
    else if (option.multiple) flags[name] = [...((flags[name] as string[] | undefined) ?? []), token.value!];
    else flags[name] = token.value!;
  }
  return flags;
}

function unknownFlag(flag: string, names: string[]): ConfigError {
  const known = names.map((name) => `--${name}`);
  const meant = nearest(flag, known);
  const hint = meant === null ? '' : ` Did you mean ${meant}?`;
  return new ConfigError(
    `There is no flag ${flag}.${hint}`,
    `The flags are ${known.join(', ')}.`,
    null,
    null,
  );
}

function withoutValue(flag: string): ConfigError {
  const setting = [configFileSetting, ...settings].find((one) => one.flag.startsWith(`${flag} `));
  return new ConfigError(
    `${flag} needs a value.`,
    `Write ${setting?.flag ?? `${flag} <value>`}.`,
    { kind: 'flag', name: flag },
    null,
  );
}
