/**
 * `npm run screenshots [FOLDER]`: pictures of the running product, of this machine's real numbers. Without a folder the one
 * picture of the README is made anew; with one, the three screens in both themes at three widths go there.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { createMachineAgent } from '../agent/machine-agent.ts';
import { loadConfig } from '../hub/config/load-config.ts';
import { startHub, type RunningHub } from '../hub/start-hub.ts';
import { launchChromium } from './launch/launch-chromium.ts';
import { inProject } from './launch/project.ts';

const widths = { 1440: 900, 1024: 768, 390: 844 } as const;
const themes = ['light', 'dark'] as const;

/** Long enough for charts that are worth looking at. */
const WATCH_MS = 50_000;

interface Picture {
  file: string;
  screen: 'overview' | 'host' | 'logs';
  theme: (typeof themes)[number];
  width: keyof typeof widths;
}

const [folder] = process.argv.slice(2);
const pictures: Picture[] =
  folder === undefined
    ? [{ file: inProject('docs', 'screenshot.png'), screen: 'host', theme: 'dark', width: 1440 }]
    : everyPicture(resolve(folder));

if (folder !== undefined) await mkdir(folder, { recursive: true });
await using opened = new AsyncDisposableStack();
const hub = await startWatchedHub(opened);
const browser = await launchChromium();
opened.defer(() => browser.close());
process.stderr.write(`Watching this machine for ${WATCH_MS / 1000} s ...\n`);
await new Promise((resolve_) => setTimeout(resolve_, WATCH_MS));
for (const picture of pictures) {
  await take(browser, hub, picture);
  process.stderr.write(`${picture.file}\n`);
}

function everyPicture(into: string): Picture[] {
  return (['overview', 'host', 'logs'] as const).flatMap((screen) =>
    themes.flatMap((theme) =>
      [1440, 1024, 390].map((width) => ({
        file: join(into, `${screen}-${theme}-${width}.png`),
        screen,
        theme,
        width: width as keyof typeof widths,
      })),
    ),
  );
}

async function startWatchedHub(into: AsyncDisposableStack): Promise<RunningHub> {
  const dataDir = await mkdtemp(join(tmpdir(), 'watchline-screenshots-'));
  into.defer(() => rm(dataDir, { recursive: true, force: true }));
  const { agent } = await loadConfig({ env: {}, homeDir: dataDir });
  return into.use(
    await startHub({
      version: 'screenshots',
      host: '127.0.0.1',
      port: 0,
      dataDir,
      pageDir: inProject('dist', 'renderer'),
      allowedHosts: [],
      // A name of its own: whose machine it is need not be in a picture.
      observers: [createMachineAgent({ version: 'screenshots', dataDir, ...agent, name: 'web-1' })],
    }),
  );
}

async function take(from: Browser, served: RunningHub, picture: Picture): Promise<void> {
  const { width, theme, screen, file } = picture;
  const page = await from.newPage({
    viewport: { width, height: widths[width] },
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  await page.goto(served.launchUrl());
  await page.locator('a[href^="/host/"]').first().waitFor({ state: 'attached' });
  await open(page, screen);
  // Charts are drawn a few times a second, fonts come late: two samples more, and everything stands.
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(2_500);
  await page.screenshot({ path: file });
  await page.close();
}

async function open(page: Page, screen: Picture['screen']): Promise<void> {
  if (screen === 'overview') return;
  const path =
    screen === 'logs' ? '/logs' : await page.locator('a[href^="/host/"]').first().getAttribute('href');
  await page.goto(new URL(path!, page.url()).href);
}
