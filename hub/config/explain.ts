/** Turns what the schema found wrong into one sentence about the first mistake. */
import type * as z from 'zod/mini';
import { ConfigError, fileLine, placeOf, shown, type Origin } from './config-error.ts';
import type { ConfigFile } from './config-file.ts';
import { nearest } from './nearest.ts';
import { settings, type Setting } from './settings.ts';
import { valueAt, type Tree } from './tree.ts';
import '../../shared/zod-words.ts';

export function explain(
  issues: readonly z.core.$ZodIssue[],
  tree: Tree,
  origins: ReadonlyMap<string, Origin>,
  file: ConfigFile | null,
): ConfigError {
  const issue = issues[0]!;
  const keys = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return unknownKey([...keys, issue.keys[0]!], file);

  const setting = settings.find(({ key }) => `${issue.path.join('.')}.`.startsWith(`${key}.`));
  return setting === undefined
    ? notAGroup(keys, tree, origins)
    : wrongValue(setting, keys, tree, origins, file);
}

/** Only a file can hold one: flags and variables are looked up by name. */
function unknownKey(keys: string[], file: ConfigFile | null): ConfigError {
  const field = keys.join('.');
  const origin = { kind: 'file', path: file?.path ?? '', line: file?.lineOf(keys) ?? null } as const;
  const meant = nearest(
    field,
    settings.map(({ key }) => key),
  );
  const hint = meant === null ? '' : ` Did you mean "${meant}"?`;
  return new ConfigError(
    `${fileLine(origin)}: there is no setting "${field}".${hint}`,
    `Rename or remove it; docs/operations.md lists all settings.`,
    origin,
    field,
  );
}

function notAGroup(keys: string[], tree: Tree, origins: ReadonlyMap<string, Origin>): ConfigError {
  const field = keys.join('.');
  const inside = settings.filter(({ key }) => key.startsWith(`${field}.`)).map(({ key }) => key);
  const origin = origins.get(field) ?? null;
  const place = origin === null ? field : placeOf(origin, field);
  return new ConfigError(
    `${place} is ${shown(valueAt(tree, field))}, but must be a group of settings (${inside.join(', ')}).`,
    'Write the settings below it, each on its own line and indented.',
    origin,
    field,
  );
}

function wrongValue(
  setting: Setting,
  keys: string[],
  tree: Tree,
  origins: ReadonlyMap<string, Origin>,
  file: ConfigFile | null,
): ConfigError {
  const given = origins.get(setting.key) ?? null;
  // In a list the faulty item's own line.
  const origin =
    given?.kind === 'file' ? { ...given, line: lineIn(file, setting, keys) ?? given.line } : given;
  const place = origin === null ? setting.key : placeOf(origin, setting.key);
  return new ConfigError(
    `${place} is ${shown(valueAt(tree, setting.key))}, but must be ${setting.mustBe}.`,
    remedyFor(origin, setting),
    origin,
    setting.key,
  );
}

function lineIn(file: ConfigFile | null, setting: Setting, keys: string[]): number | null {
  const depth = setting.key.split('.').length;
  return file?.lineOf(keys.map((key, index) => (index < depth ? key : Number(key)))) ?? null;
}

function remedyFor(origin: Origin | null, setting: Setting): string {
  if (origin?.kind === 'flag') return `Give ${origin.name} such a value, or leave it out for the default.`;
  if (origin?.kind === 'variable') return `Set ${origin.name} to such a value, or unset it for the default.`;
  return `Correct that line, or remove ${setting.key} for the default.`;
}
