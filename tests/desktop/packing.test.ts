/**
 * What would ship: electron-builder packs the unpacked Linux form around a stand-in for Electron's runtime, and the
 * test looks inside. The stand-in is no program, but it carries a fuse wire as the real one does (a marker, a version,
 * a length, one character per fuse), so that the fuses are seen to be blown and not only to be configured. Where the real runtime is
 * installed, its own wire is looked at too.
 */
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { extractFile, listPackage } from '@electron/asar';
import { flipFuses, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';
import { build, Platform } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { installedRuntime } from '../../scripts/launch/electron-runtime.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** In every Electron binary, before its fuses (electron/fuses, src/constants.ts). */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const OFF = '0'.charCodeAt(0);
const ON = '1'.charCodeAt(0);

let folder: string;
let program: string;
let archive: string;
let packed: string[];

beforeAll(async () => {
  if (!existsSync(path.join(root, 'dist/electron/main.mjs')))
    throw new Error('Nothing to pack: run `npm run build`.');
  folder = await mkdtemp(path.join(tmpdir(), 'watchline-packing-'));
  const electronDist = await writeRuntimeStandIn(path.join(folder, 'runtime'));
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('dir'),
    publish: 'never',
    config: { directories: { output: path.join(folder, 'out') }, electronDist },
  });
  program = path.join(folder, 'out/linux-unpacked/watchline');
  archive = path.join(folder, 'out/linux-unpacked/resources/app.asar');
  packed = listPackage(archive, { isPack: false }).map((entry) => entry.replaceAll('\\', '/'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('app.asar', () => {
  it.each([
    '/dist/electron/main.mjs',
    '/dist/electron/preload.cjs',
    '/dist/renderer/index.html',
    '/package.json',
  ])('holds %s', (file) => expect(packed).toContain(file));

  it('holds what the main process asks for by path', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        '/electron/assets/icon.png',
        '/electron/assets/tray.png',
        '/electron/assets/trayTemplate.png',
      ]),
    );
  });

  it('starts at the built main process', () => {
    const manifest = JSON.parse(extractFile(archive, 'package.json').toString()) as { main: string };
    expect(packed).toContain(`/${manifest.main}`);
  });

  it('holds every package that the bundle leaves outside, and no other', async () => {
    const text = await readFile(path.join(root, 'dist/electron/main.mjs'), 'utf8');
    const bundle = text.replace(/^\s*(\*|\/\*|\/\/).*$/gm, '');
    const asked = [...bundle.matchAll(/(?:from|import\(|import|require\()\s*["']([@\w][\w@./:-]*)["']/g)]
      .map(([, name]) => name!)
      .filter((name) => !name.startsWith('node:') && !name.startsWith('electron'));
    const shipped = new Set(
      packed.map((entry) => /^\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(entry)?.[1]).filter(Boolean),
    );
    expect([...new Set(asked)].filter((name) => !shipped.has(name))).toEqual([]);
    expect([...shipped]).toEqual(['systeminformation']);
  });

  it('holds no sources, tests, maps or tools', () => {
    const own = packed.filter((entry) => !entry.startsWith('/node_modules/'));
    expect(
      own.filter((entry) => /\.(ts|vue|map|svg)$/.test(entry) && !entry.startsWith('/dist/renderer/')),
    ).toEqual([]);
    const rooms = new Set(own.map((entry) => entry.split('/')[1]));
    expect([...rooms].sort()).toEqual(
      ['dist', 'electron', 'node_modules', 'package.json'].filter((name) => rooms.has(name)),
    );
    expect(packed.filter((entry) => entry.startsWith('/node_modules/node-'))).toEqual([]);
  });
});

describe('fuses', () => {
  const wanted: readonly [FuseV1Options, number][] = [
    [FuseV1Options.RunAsNode, OFF],
    [FuseV1Options.EnableCookieEncryption, ON],
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable, OFF],
    [FuseV1Options.EnableNodeCliInspectArguments, OFF],
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, ON],
    [FuseV1Options.OnlyLoadAppFromAsar, ON],
    // A snapshot of the main process's own: there is none.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot, OFF],
    [FuseV1Options.GrantFileProtocolExtraPrivileges, OFF],
  ];

  it.each(wanted)('fuse %i is %i', async (fuse, state) => {
    const wire = await getCurrentFuseWire(program);
    expect(wire[fuse]).toBe(state);
  });

  it('the configuration names every fuse, each as it has to be', async () => {
    const { electronFuses } = parse(await readFile(path.join(root, 'electron-builder.yml'), 'utf8')) as {
      electronFuses: Record<string, boolean>;
    };
    const names = Object.values(FuseV1Options).filter((name) => typeof name === 'string');
    expect(wanted.map(([fuse]) => fuse).sort()).toEqual(names.map((_, index) => index));
    const inWords = wanted.map(([fuse, state]) => [lowerFirst(FuseV1Options[fuse]), state === ON]);
    expect(electronFuses).toEqual(Object.fromEntries(inWords));
  });

  const runtime = installedRuntime();
  it.skipIf(runtime === null)('can be set in the real runtime, and nothing of them was removed', async () => {
    const copy = path.join(folder, 'real-electron');
    await copyFile(runtime!, copy);
    const config = Object.fromEntries(wanted.map(([fuse, state]) => [fuse, state === ON]));
    await flipFuses(copy, { version: FuseVersion.V1, ...config });
    const wire = await getCurrentFuseWire(copy);
    expect(wanted.map(([fuse]) => [fuse, wire[fuse]])).toEqual(wanted);
  });
});

function lowerFirst(word: string): string {
  return word[0]!.toLowerCase() + word.slice(1);
}

/** Every fuse stands opposite to what is wanted, so that one which is not touched is seen. */
async function writeRuntimeStandIn(dist: string): Promise<string> {
  const wire = Buffer.from([1, 9, ON, OFF, ON, ON, OFF, OFF, ON, ON, ON]);
  await mkdir(path.join(dist, 'locales'), { recursive: true });
  await mkdir(path.join(dist, 'resources'));
  await writeFile(
    path.join(dist, 'electron'),
    Buffer.concat([Buffer.from(FUSE_SENTINEL), wire, Buffer.alloc(64)]),
  );
  await chmod(path.join(dist, 'electron'), 0o755);
  await writeFile(path.join(dist, 'version'), '45.4.1');
  for (const licence of ['LICENSE', 'LICENSES.chromium.html'])
    await writeFile(path.join(dist, licence), 'stand-in');
  return dist;
}
