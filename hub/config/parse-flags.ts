/** Reads the flags of settings from a command line, for a program without commands of its own (the desktop app). */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { WatchlineError } from '../../shared/errors.ts';
import type { Flags } from './load-config.ts';
import { nearest } from './nearest.ts';
import { configFileSetting, flagName, hubSettings, type Setting } from './settings.ts';

/** What a desktop opens the app with: never part of a list. */
const DEEP_LINK = 'watchline://';

/**
 * Unknown flags are errors (code `usage`), with the nearest known one, and so is a value of a switch: `--tls=false` would switch it on. Words
 * behind the value of a list belong to it, as those a shell makes of a glob; other words that are no flags are left alone, as the desktop
 * gives some of its own, or refused. `settings`: those that have flags here, by default a hub's.
 */
export function parseFlags(
  argv: readonly string[],
  settings: readonly Setting[] = hubSettings,
  strayWords: 'left' | 'refused' = 'left',
): Flags {
  const options: ParseArgsOptionsConfig = { config: { type: 'string' } };
  for (const setting of settings) {
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
  let list: string[] | null = null;
  for (const token of tokens) {
    if (token.kind === 'positional' && !token.value.startsWith(DEEP_LINK)) list?.push(token.value);
    else list = null;
    if (token.kind === 'positional' && list === null && strayWords === 'refused') throw stray(token.value);
    if (token.kind !== 'option') continue;
    const option = options[token.name];
    if (option === undefined) throw unknownFlag(token.rawName, Object.keys(options));
    if (option.type === 'string' && token.value === undefined) throw withoutValue(token.rawName, settings);
    if (option.type === 'boolean' && token.inlineValue === true) throw withValue(token.rawName);
    const name = flagName(token.rawName);
    if (option.type === 'boolean') flags[name] = !token.rawName.startsWith('--no-');
    else if (option.multiple) {
      const values: string[] = [...((flags[name] as string[] | undefined) ?? []), token.value!];
      flags[name] = values;
      list = token.inlineValue === true ? null : values;
    } else flags[name] = token.value!;
  }
  return flags;
}

function unknownFlag(flag: string, names: string[]): WatchlineError {
  const known = names.map((name) => `--${name}`);
  const meant = nearest(flag, known);
  const hint = meant === null ? '' : ` Did you mean ${meant}?`;
  return usage(`There is no flag ${flag}.${hint}`, `The flags are ${known.join(', ')}.`);
}

function withoutValue(flag: string, settings: readonly Setting[]): WatchlineError {
  const setting = [configFileSetting, ...settings].find((one) => one.flag.startsWith(`${flag} `));
  return usage(`${flag} needs a value.`, `Write ${setting?.flag ?? `${flag} <value>`}.`);
}

function withValue(flag: string): WatchlineError {
  return usage(`${flag} takes no value.`, `Write ${flag} alone, or leave it out.`);
}

function stray(word: string): WatchlineError {
  return usage(
    `There is nothing to do with ${JSON.stringify(word)}.`,
    'Write a value behind its flag, or leave the word out: a switch such as --tls takes no value.',
  );
}

function usage(message: string, remedy: string): WatchlineError {
  return new WatchlineError('usage', message, { remedy });
}
