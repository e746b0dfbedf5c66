/** Each wall between the rooms stops what it should, and lets through what it should; and no file stands in a wall. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { brokenWalls, createRoomLint, root, wallsOf } from './room-lint.ts';

const lint = createRoomLint();

/** Files that exist: a wall must hold for a real target, and for one yet to be written. */
const target = {
  shared: 'errors.ts',
  link: 'nothing-yet.ts',
  collect: 'nothing-yet.ts',
  hub: 'start-hub.ts',
  agent: 'machine-agent.ts',
  cli: 'main.ts',
  electron: 'main.ts',
  renderer: 'main.ts',
} as const;
type Room = keyof typeof target;
const rooms = Object.keys(target) as Room[];

const allowed: Record<Room, readonly Room[]> = {
  shared: [],
  link: ['shared'],
  collect: ['shared'],
  hub: ['shared', 'link', 'collect'],
  agent: ['shared', 'link', 'collect'],
  cli: ['shared', 'link', 'collect', 'hub', 'agent'],
  electron: ['shared', 'link', 'collect', 'hub', 'agent'],
  renderer: ['shared'],
};

interface Policy {
  allow: { to: { module: { source?: string[] } } };
}
type Manifest = Record<'dependencies' | 'devDependencies', Record<string, string>>;

/** Every way of depending on a module that TypeScript knows. */
const dependOn = {
  import: (from: string) => `import { x } from '${from}';\nvoid x;`,
  'type import': (from: string) => `import type { X } from '${from}';\nexport const x: X | null = null;`,
  're-export': (from: string) => `export { x } from '${from}';`,
  'export all': (from: string) => `export * from '${from}';`,
  'dynamic import': (from: string) => `export const x = await import('${from}');`,
  'import type': (from: string) => `export const x: import('${from}').X | null = null;`,
} as const;

describe('a room imports', () => {
  for (const from of rooms) {
    for (const to of rooms) {
      if (from === to) continue;
      const may = allowed[from].includes(to);
      it(`${from} ${may ? 'may' : 'may not'} import ${to}`, async () => {
        const specifier = `../${to}/${target[to]}`;
        const broken = await brokenWalls(lint, `${from}/probe.ts`, dependOn.import(specifier));
        // A target that is not written yet has no known room: only refusals can be told from afar.
        if (!may) expect(broken).toHaveLength(1);
        else if (to === 'shared') expect(broken).toEqual([]);
      });
    }
  }

  it.each(Object.keys(dependOn) as (keyof typeof dependOn)[])('no wall is passed by a %s', async (way) => {
    expect(await brokenWalls(lint, 'hub/probe.ts', dependOn[way]('electron'))).toHaveLength(1);
    expect(await brokenWalls(lint, 'shared/probe.ts', dependOn[way]('node:fs'))).toHaveLength(1);
    expect(await brokenWalls(lint, 'hub/probe.ts', dependOn[way]('../shared/errors.ts'))).toEqual([]);
  });

  it('no wall is passed by a comment that switches lint off', async () => {
    const source = `/* eslint-disable */\n${dependOn.import('electron')}`;
    expect(await brokenWalls(lint, 'hub/probe.ts', source)).toHaveLength(1);
  });

  it('no wall is passed by the script of a component', async () => {
    const component = (from: string) =>
      `<script setup lang="ts">\n${dependOn.import(from)}\n</script>\n<template><i /></template>`;
    expect(await brokenWalls(lint, 'renderer/Probe.vue', component('../hub/start-hub.ts'))).toHaveLength(1);
    expect(await brokenWalls(lint, 'renderer/Probe.vue', component('chart.js'))).toHaveLength(1);
    expect(await brokenWalls(lint, 'renderer/Probe.vue', component('../shared/errors.ts'))).toEqual([]);
  });

  it('a file outside every room is refused', async () => {
    expect(await brokenWalls(lint, 'lib/probe.ts', 'export const x = 1;')).not.toEqual([]);
  });
});

describe('an outside package has an owner', () => {
  const owners: [packageName: string, owner: string, stranger: string][] = [
    ['zod', 'shared', 'hub'],
    ['zod', 'hub/config', 'agent'],
    ['systeminformation', 'collect/metrics', 'collect'],
    ['find-my-way', 'hub', 'cli'],
    ['cookie', 'hub', 'agent'],
    ['yaml', 'hub/config', 'hub'],
    ['node:sqlite', 'hub/archive', 'hub'],
    ['node:sqlite', 'hub/history/store', 'hub/history/query'],
    ['commander', 'cli', 'scripts'],
    ['electron', 'electron', 'cli'],
    ['electron/main', 'electron', 'hub'],
    ['vue', 'renderer', 'shared'],
    ['vue-router', 'renderer', 'electron'],
    ['vue-router', 'renderer', 'hub'],
    ['chart.js', 'renderer/charts', 'renderer'],
    ['chart.js/auto', 'renderer/charts', 'renderer/screens'],
  ];
  it.each(owners)('%s belongs to %s, not to %s', async (packageName, owner, stranger) => {
    expect(await brokenWalls(lint, `${owner}/probe.ts`, dependOn.import(packageName))).toEqual([]);
    expect(await brokenWalls(lint, `${stranger}/probe.ts`, dependOn.import(packageName))).toHaveLength(1);
  });

  it.each(rooms)('a package nobody owns is refused in %s', async (room) => {
    expect(await brokenWalls(lint, `${room}/probe.ts`, dependOn.import('left-pad'))).toHaveLength(1);
  });

  it('is one of package.json', async () => {
    const config = (await lint.calculateConfigForFile('hub/probe.ts')) as {
      rules: Record<string, unknown[]>;
    };
    const { policies } = config.rules['boundaries/dependencies']![1] as { policies: Policy[] };
    const named = policies
      .flatMap(({ allow }) => allow.to.module.source ?? [])
      // Node's own, which the linter takes for a package.
      .filter((name) => !name.includes('*') && !name.startsWith('node:'));
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(`${root}/package.json`, 'utf8'),
    ) as Manifest;
    expect(named.length).toBeGreaterThan(10);
    expect(
      [...new Set(named)].filter((name) => !(name in dependencies) && !(name in devDependencies)),
    ).toEqual([]);
  });

  it.each(['shared', 'renderer', 'renderer/charts'])('%s may not import Node', async (room) => {
    expect(await brokenWalls(lint, `${room}/probe.ts`, dependOn.import('node:fs'))).toHaveLength(1);
    expect(await brokenWalls(lint, `${room}/probe.ts`, dependOn.import('fs'))).toHaveLength(1);
  });

  it.each(['link', 'collect', 'hub', 'agent', 'cli', 'electron'])('%s may import Node', async (room) => {
    expect(await brokenWalls(lint, `${room}/probe.ts`, dependOn.import('node:fs'))).toEqual([]);
  });
});

// `npm run lint` looks at every file, and hears such comments.
it('no file that switches lint off stands in a wall', async () => {
  const found = execFileSync(
    'git',
    ['grep', '--files-with-matches', 'eslint-disable', '--', '*.ts', '*.vue'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  const results = await lint.lintFiles(found.trim().split('\n'));
  expect(results.map(({ filePath }) => filePath)).toContain(import.meta.filename);
  expect(results.flatMap(wallsOf)).toEqual([]);
});
