/** `npm pack`: what a server gets. Installed globally into a folder of its own, it runs without the desktop's parts. */
import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../support/run-command.ts';
import { makeTempFolder, type TempFolder } from '../support/temp-folder.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
/** What it may weigh, packed, and installed with what it depends on: half as much again as today. */
const MAX_TARBALL_BYTES = 1_200_000;
const MAX_INSTALLED_BYTES = 6_000_000;

let folder: TempFolder;
let tarball: string;
let installed: string;

beforeAll(async () => {
  folder = await makeTempFolder();
  // As it was built for the tests, not once more.
  await npm('pack', '--ignore-scripts', '--pack-destination', folder.path);
  tarball = path.join(
    folder.path,
    readdirSync(folder.path).find((name) => name.endsWith('.tgz'))!,
  );
  await npm('install', '--global', '--prefix', folder.path, '--prefer-offline', tarball);
  installed = path.join(folder.path, 'lib/node_modules/watchline');
}, 120_000);

afterAll(() => folder[Symbol.asyncDispose]());

it('is small', () => {
  expect(statSync(tarball).size).toBeLessThan(MAX_TARBALL_BYTES);
  const own = filesOf(installed).filter((name) => !isPackagedNode(name));
  const bytes = own.reduce((sum, name) => sum + statSync(path.join(installed, name)).size, 0);
  expect(bytes).toBeLessThan(MAX_INSTALLED_BYTES);
});

it('holds the command and the page, one dependency, and nothing of the desktop', () => {
  const second = /^(?:node_modules|dist|cli)\/[^/]+/;
  const folders = filesOf(installed)
    .filter((name) => !isPackagedNode(name))
    .flatMap((name) => second.exec(name) ?? []);
  expect([...new Set(folders)].sort()).toEqual([
    'cli/launcher',
    'dist/cli',
    // One file: npm always packs what package.json calls "main".
    'dist/electron',
    'dist/renderer',
    'node_modules/systeminformation',
  ]);
});

it('serves the dashboard', async () => {
  const data = path.join(folder.path, 'data');
  const command = path.join(folder.path, 'bin/watchline');
  await using hub = runCommand(['hub', '--port', '0', '--data', data, '--no-journal'], {
    installed: command,
  });
  const [, origin] = await hub.untilPrinted(/(http:\/\/127\.0\.0\.1:\d+)\//);
  const page = await fetch(`${origin}/`);
  expect(await page.text()).toContain('<title>Watchline');
  // The launcher is asked, and passes it on: killed, it would leave the hub behind.
  hub.child.kill('SIGTERM');
  expect(await hub.ended).toBe(0);
});

/** Node itself, which npm brings along for servers that have an older one. */
function isPackagedNode(name: string): boolean {
  return name.startsWith('node_modules/node-');
}

function filesOf(dir: string): string[] {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return entries.map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)));
}

async function npm(...words: string[]): Promise<void> {
  await run('npm', [...words, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, timeout: 90_000 });
}
