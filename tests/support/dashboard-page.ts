/** The built dashboard of a real hub, open in a real Chromium. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { paths } from '../../shared/protocol.ts';
import type { RunningHub } from '../../hub/start-hub.ts';
import { sharedBrowser } from './browser.ts';

/** A hub answers a few searches at a time. The page asks again, but the browser tells of the first answer. */
const busySearch = /status of 429 .*\/logs\/search\?/;

/** For the hub's `pageDir`. */
export function builtPageDir(): string {
  const folder = path.join(import.meta.dirname, '..', '..', 'dist', 'renderer');
  if (!existsSync(path.join(folder, 'index.html'))) {
    throw new Error('The page is not built, so it cannot be opened: run "npm run build" first.');
  }
  return folder;
}

export interface DashboardPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors of the page and of its console, oldest first. */
  readonly errors: string[];
  /** Goes to a path of the dashboard, signed in. */
  go(path: string): Promise<void>;
}

export interface DashboardPageOptions {
  /** Default 1440x900. */
  viewport?: { width: number; height: number };
  /** Default light. */
  colorScheme?: 'light' | 'dark';
}

/** Signs in with a fresh ticket, at the overview. */
export async function openDashboard(
  hub: Pick<RunningHub, 'origin' | 'launchUrl'>,
  { viewport = { width: 1440, height: 900 }, colorScheme = 'light' }: DashboardPageOptions = {},
): Promise<DashboardPage> {
  await using opened = new AsyncDisposableStack();
  // A context of its own, so that a test can open more tabs in it.
  const context = await (
    await sharedBrowser()
  ).newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
  opened.defer(() => context.close());
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    const error = `${message.text()} ${message.location().url}`.trim();
    if (!busySearch.test(error)) errors.push(error);
  });
  const signedIn = page.waitForResponse((response) => new URL(response.url()).pathname === paths.session);
  await page.goto(hub.launchUrl());
  await signedIn;
  const closing = opened.move();
  return {
    page,
    errors,
    go: async (to) => void (await page.goto(hub.origin + to)),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
