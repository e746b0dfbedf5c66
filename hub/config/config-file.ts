/** Reads a config file, YAML or JSON (which is YAML too), and remembers the line of everything in it. */
import { open } from 'node:fs/promises';
import { ConfigError, fileLine } from './config-error.ts';

/** A person writes a few hundred bytes. */
const MAX_CONFIG_BYTES = 256 * 1024;

export interface ConfigFile {
  path: string;
  /** As written, not validated. An empty file is an empty object. */
  value: unknown;
  /** Line, from 1, of the key at this path; null where the file has no such key. */
  lineOf(path: readonly PropertyKey[]): number | null;
}

/** Null where the file does not exist and `mayBeAbsent`. */
export async function readConfigFile(path: string, mayBeAbsent: boolean): Promise<ConfigFile | null> {
  const text = await readText(path, mayBeAbsent);
  return text === null ? null : parse(path, text);
}

async function readText(path: string, mayBeAbsent: boolean): Promise<string | null> {
  const origin = { kind: 'file', path, line: null } as const;
  try {
    await using file = await open(path, 'r');
    const stats = await file.stat();
    if (!stats.isFile())
      throw new ConfigError(`${path} is not a file.`, 'Name a YAML or JSON file.', origin, null);
    if (stats.size > MAX_CONFIG_BYTES) {
      throw new ConfigError(
        `${path} has ${stats.size} bytes, but a config file has at most ${MAX_CONFIG_BYTES}.`,
        'Check that this is the file you meant.',
        origin,
        null,
      );
    }
    return await file.readFile('utf8');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && mayBeAbsent) return null;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    const remedy = code === 'ENOENT' ? 'Create it or name another.' : 'Give this user the right to read it.';
    throw new ConfigError(`The config file ${path} ${why}.`, remedy, origin, null, error);
  }
}

async function parse(path: string, text: string): Promise<ConfigFile> {
  // Imported only here: most hubs run without a config file, and the parser costs memory.
  const { isCollection, isMap, isScalar, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [mistake] = document.errors;
  if (mistake !== undefined) {
    const origin = { kind: 'file', path, line: lines.linePos(mistake.pos[0]).line } as const;
    throw new ConfigError(
      `${fileLine(origin)}: this is not valid YAML or JSON: ${mistake.message.split('\n')[0]!.replace(/\.?$/, '.')}`,
      'Correct that line.',
      origin,
      null,
    );
  }
  return { path, value: (document.toJS() as unknown) ?? {}, lineOf };

  function lineOf(keys: readonly PropertyKey[]): number | null {
    let node: unknown = document.contents;
    let offset: number | null = null;
    for (const key of keys) {
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
        if (pair === undefined) break;
        offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
        node = pair.value;
      } else if (isCollection(node)) {
        node = node.get(key, true);
        offset = (isScalar(node) ? node.range?.[0] : undefined) ?? offset;
      }
    }
    return offset === null ? null : lines.linePos(offset).line;
  }
}
