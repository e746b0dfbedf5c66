/** What holds for every file of ours: it opens with its purpose, is named after what it holds, and is not too long. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './room-lint.ts';

const rooms = [
  'shared',
  'link',
  'collect',
  'hub',
  'agent',
  'cli',
  'electron',
  'renderer',
  'scripts',
  'bench',
  'tests',
];
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...rooms], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(ts|mjs|js|vue)$/.test(file));

/** Words that name nothing: what a file so named holds is anybody's guess. */
const emptyWords = [
  'manager',
  'service',
  'helper',
  'helpers',
  'util',
  'utils',
  'data',
  'info',
  'misc',
  'common',
  'stuff',
];

/** The longest a file may grow before it is two files. */
const MAX_LINES = 400;

export function nameFault(file: string): string | null {
  const { name, ext } = path.parse(file);
  const stem = name.replace(/\.(test|d)$/, '');
  if (
    ext === '.vue' ? !/^[A-Z][A-Za-z0-9]*$/.test(stem) : !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?$/.test(stem)
  ) {
    return `${file} is not ${ext === '.vue' ? 'PascalCase' : 'kebab-case'}`;
  }
  // The last word names the thing: a "data folder" is a folder, "host data" is anything.
  const noun = stem
    .split(/[-.]|(?<=[a-z0-9])(?=[A-Z])/)
    .at(-1)!
    .toLowerCase();
  const word = [noun, ...path.dirname(file).split('/')].find((part) => emptyWords.includes(part));
  return word ? `${file} is named "${word}", which says nothing of what is in it` : null;
}

export function purposeFault(file: string, text: string): string | null {
  const opening = text.replace(/^#!.*\n/, '').trimStart();
  const comment =
    /^\/\*\*?([\s\S]*?)\*\/|^((?:\/\/.*\n)+)|^<!--([\s\S]*?)-->|^<script[^>]*>\s*\/\*\*?([\s\S]*?)\*\//.exec(
      opening,
    );
  const words = (comment?.slice(1).find(Boolean) ?? '').match(/\p{L}{2,}/gu) ?? [];
  return words.length >= 3 ? null : `${file} does not open with a comment that says its purpose`;
}

describe('every file', () => {
  it('is found', () => expect(files.length).toBeGreaterThan(20));

  it('is named after what it holds', () => {
    expect(files.map(nameFault).filter(Boolean)).toEqual([]);
  });

  it('opens with its purpose', () => {
    expect(files.map((file) => purposeFault(file, read(file))).filter(Boolean)).toEqual([]);
  });

  it(`has at most ${MAX_LINES} lines`, () => {
    expect(files.filter((file) => read(file).split('\n').length > MAX_LINES)).toEqual([]);
  });
});

describe('the checks can fail', () => {
  it.each([
    'hub/stream-manager.ts',
    'hub/utils/ring.ts',
    'hub/hostData.ts',
    'renderer/host-card.vue',
    'hub/dateUtils.ts',
  ])('a file named %s', (file) => expect(nameFault(file)).not.toBeNull());
  it.each([
    'hub/replay-ring.ts',
    'renderer/HostCard.vue',
    'tests/unit/hub/replay-ring.test.ts',
    'vite.config.ts',
  ])('but not %s', (file) => expect(nameFault(file)).toBeNull());
  it('a file that opens with code', () => {
    expect(purposeFault('hub/x.ts', 'export const x = 1;\n/** Too late to say so here. */')).not.toBeNull();
    expect(purposeFault('hub/x.ts', '/** x */\nexport const x = 1;')).not.toBeNull();
    expect(purposeFault('hub/x.ts', '#!/usr/bin/env node\n/** Says what it is for. */')).toBeNull();
  });
});

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}
