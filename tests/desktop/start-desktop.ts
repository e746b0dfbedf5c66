/** Runs electron/main.ts from its first line, in this process, with the stand-in in place of Electron. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import { findChromium } from '../../scripts/launch/find-chromium.ts';
import type * as StandIn from '../support/electron-stand-in.ts';

/** Without one the windows of the stand-in have no page: the tests that need one are skipped by name. */
export const hasChromium = findChromium() !== null;

export type Desktop = typeof StandIn & AsyncDisposable & { dataDir: string; stderr: () => string };

export interface DesktopSettings {
  /** Default: a fresh folder, removed afterwards. */
  dataDir?: string;
  /** Words after the app's path. Default: any free port. */
  words?: string[];
  /** Default false: as on a desktop without a StatusNotifierWatcher. */
  hasTray?: boolean;
  /** Called before main.ts runs, to set the stand-in up. */
  prepare?: (standIn: (typeof StandIn)['standIn']) => void;
}

export async function startDesktop(settings: DesktopSettings = {}): Promise<Desktop> {
  const folder = await mkdtemp(path.join(tmpdir(), 'watchline-desktop-'));
  const dataDir = settings.dataDir ?? path.join(folder, 'state');
  vi.resetModules();
  const electron = await import('../support/electron-stand-in.ts');
  settings.prepare?.(electron.standIn);

  let stderr = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  vi.stubEnv(
    'PATH',
    `${await dbusSays(folder, settings.hasTray ?? false)}${path.delimiter}${process.env['PATH']}`,
  );
  vi.stubEnv('WATCHLINE_CONFIG', '');
  vi.stubEnv('HOME', folder);
  const argv = process.argv;
  process.argv = [
    'electron',
    '--no-sandbox',
    '/app',
    '--data',
    dataDir,
    ...(settings.words ?? ['--port', '0']),
  ];
  try {
    await import('../../electron/main.ts');
  } finally {
    process.argv = argv;
  }
  electron.standIn.ready.resolve();
  return {
    ...electron,
    dataDir,
    stderr: () => stderr,
    async [Symbol.asyncDispose]() {
      electron.app.quit();
      await electron.standIn.exited.promise;
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The page of the window, once its first document stands. */
export async function pageOf(desktop: Desktop) {
  const window = await vi.waitUntil(() => desktop.standIn.windows[0], { timeout: 20_000 });
  const page = await vi.waitUntil(() => (window.isVisible ? window.webContents.page : null), {
    timeout: 20_000,
  });
  return { window, page };
}

/** A folder with a `dbus-send` that answers as the session bus would. */
async function dbusSays(folder: string, hasTray: boolean): Promise<string> {
  const bin = path.join(folder, 'bin');
  await mkdir(bin);
  await writeFile(path.join(bin, 'dbus-send'), `#!/bin/sh\necho '   boolean ${hasTray}'\n`);
  await chmod(path.join(bin, 'dbus-send'), 0o755);
  return bin;
}
