/** Gets a Chromium where none is: Playwright's download, else Debian's package. */
import { existsSync } from 'node:fs';
import { findChromium } from './find-chromium.ts';
import { inProject } from './project.ts';
import { runChild, runNode } from './run-child.ts';

const DOWNLOAD_LIMIT_MS = 300_000;

/** Null: none is here and none could be had; the browser tests then skip, by name. */
export async function obtainChromium(): Promise<string | null> {
  const here = findChromium();
  if (here !== null) return here;
  process.stderr.write('No Chromium here: getting one for the browser tests ...\n');
  await runNode([inProject('node_modules/@playwright/test/cli.js'), 'install', 'chromium'], {
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: DOWNLOAD_LIMIT_MS,
  });
  const downloaded = findChromium();
  if (downloaded !== null) return downloaded;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) await installPackage();
  return findChromium();
}

async function installPackage(): Promise<void> {
  const apt = (...parameters: string[]): Promise<number> =>
    runChild('/usr/bin/apt-get', parameters, {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: DOWNLOAD_LIMIT_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  await apt('update', '-qq');
  await apt('install', '-y', '-qq', '--no-install-recommends', 'chromium');
}
