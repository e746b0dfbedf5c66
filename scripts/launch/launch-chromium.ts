/** Starts a headless Chromium the same way for tests, benches and pictures. */
import { chromium, type Browser } from '@playwright/test';
import { findChromium } from './find-chromium.ts';

/** Without a sandbox because CI runs as root; quiet, because a closed network answers its background calls slowly. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];

/** Closed by whoever opened it. `moreFlags` follow the usual ones. Throws where there is no Chromium. */
export function launchChromium(moreFlags: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null)
    throw new Error('This needs a Chromium: install one, or name it in WATCHLINE_CHROMIUM.');
  return chromium.launch({ executablePath, args: [...flags, ...moreFlags] });
}
