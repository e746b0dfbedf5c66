/** The table of settings and the schema are two views of one thing. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../../hub/config/config.ts';
import { hubOptionsOf } from '../../../../hub/config/hub-options-of.ts';
import { loadConfig } from '../../../../hub/config/load-config.ts';
import { parseFlags } from '../../../../hub/config/parse-flags.ts';
import { defaultLadder } from '../../../../hub/history/store/ladder.ts';
import { hubSettings, settings } from '../../../../hub/config/settings.ts';

/** "hub.port" for every leaf of a configuration. */
function leaves(value: unknown, above = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [above];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, above === '' ? key : `${above}.${key}`),
  );
}

it('names every setting of the schema, and no other', async () => {
  const loaded = await loadConfig({ env: {}, homeDir: '/home/ana', platform: 'linux' });
  expect(settings.map(({ key }) => key).sort()).toEqual(leaves(loaded).sort());
  expect(configSchema().safeParse(loaded).success).toBe(true);
});

it('is written down, flag and variable, in docs/operations.md', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../../docs/operations.md'), 'utf8');
  for (const { key, flag, variable } of settings) {
    expect(page).toContain(`\`${key}\``);
    expect(page).toContain(`\`${flag}\``);
    expect(page).toContain(`\`${variable}\``);
  }
});

it('takes the ladder of the history as it is told, all of its steps', async () => {
  const { otherwise } = settings.find(({ key }) => key === 'hub.historyKeep')!;
  const flags = { historyKeep: otherwise.split(' ') };
  const { hub } = await loadConfig({ flags, env: {}, homeDir: '/home/ana', platform: 'linux' });
  expect(hubOptionsOf(hub).historyLadder).toEqual(defaultLadder);
});

describe('flags of a program without commands', () => {
  it('are parsed as the command line tool parses them', () => {
    expect(
      parseFlags(['.', '--headless', '--port', '80', '--data=/d', '--no-open', '--logs', 'a', '--logs', 'b']),
    ).toEqual({ headless: true, port: '80', data: '/d', open: false, logs: ['a', 'b'] });
  });

  it('take all words of a list, as the command line tool does: those a shell makes of a glob', () => {
    const words = ['--logs', 'a', 'b', '--redact', 'secrets', 'emails', '--no-open', 'left', '--logs', 'c'];
    expect(parseFlags([...words, 'watchline://host/web-1'])).toEqual({
      logs: ['a', 'b', 'c'],
      redact: ['secrets', 'emails'],
      open: false,
    });
    expect(parseFlags(['--logs=a', 'left'])).toEqual({ logs: ['a'] });
  });

  it('are refused with the nearest known one', () => {
    expect(() => parseFlags(['--prot', '80'])).toThrow('There is no flag --prot. Did you mean --port?');
    expect(() => parseFlags(['--port'])).toThrow('--port needs a value.');
  });

  it('are refused where a switch is given a value, which would not be looked at', () => {
    expect(() => parseFlags(['--tls=false'])).toThrow('--tls takes no value.');
    expect(() => parseFlags(['--no-open=no'])).toThrow('--no-open takes no value.');
  });

  it('stand alone where no words are expected', () => {
    for (const words of [['--tls', 'false'], ['extra'], ['--logs=a', 'b'], ['--port', '80', '81']])
      expect(() => parseFlags(words, hubSettings, 'refused')).toThrow('There is nothing to do with ');
    expect(parseFlags(['--logs', 'a', 'b'], hubSettings, 'refused')).toEqual({ logs: ['a', 'b'] });
  });
});
