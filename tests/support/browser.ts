/** The Chromium of tests that open the page: whether there is one, and one for all cases of a file. */
import type { Browser } from '@playwright/test';
import { findChromium } from '../../scripts/launch/find-chromium.ts';
import { launchChromium } from '../../scripts/launch/launch-chromium.ts';

/** For `describe.skipIf`: tests that need a browser are skipped by name where there is none. */
export const hasNoBrowser = findChromium() === null;

/** It draws in its own process: a process that draws for it takes a tenth of all its time. Closed by whoever opened it. */
export function launchBrowser(moreFlags: readonly string[] = []): Promise<Browser> {
  return launchChromium(['--disable-software-rasterizer', '--in-process-gpu', ...moreFlags]);
}

let shared: Promise<Browser> | null = null;

/** One for all cases of a file, each in a context of its own: starting one takes longer than most cases. */
export function sharedBrowser(): Promise<Browser> {
  return (shared ??= launchBrowser());
}

/** After each file: files share their process, and with it this module. */
export async function closeSharedBrowser(): Promise<void> {
  const closing = shared;
  shared = null;
  await (await closing)?.close();
}
