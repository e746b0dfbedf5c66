/** Coming in: by a link, without one, with a used one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '@playwright/test';
import { hasNoBrowser, launchBrowser } from '../support/browser.ts';
import { startOverviewHub, type OverviewHub } from '../support/overview-hub.ts';
import { until } from '../support/until.ts';

describe.skipIf(hasNoBrowser)('coming in', () => {
  let browser: Browser;
  let served: OverviewHub;

  beforeAll(async () => {
    browser = await launchBrowser();
    served = await startOverviewHub(['web-1']);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.[Symbol.asyncDispose]();
  });

  it('opens the dashboard by its link, and leaves no ticket in the address or the history', async () => {
    await using context = await browser.newContext();
    const page = await context.newPage();
    const broken: string[] = [];
    page.on('console', (message) => message.type() === 'error' && broken.push(message.text()));
    page.on('pageerror', (error) => broken.push(error.message));
    await page.goto(served.hub.launchUrl());
    await page.getByRole('heading', { name: 'web-1' }).waitFor();
    expect(page.url()).toBe(`${served.hub.origin}/`);
    await page.goto(`${served.hub.origin}/logs`);
    await page.goBack();
    await page.getByRole('heading', { name: 'web-1' }).waitFor();
    expect(page.url()).toBe(`${served.hub.origin}/`);
    const cookies = await context.cookies();
    expect(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Strict')).toBe(true);
    // The policy forbids eval and inline styles: a violation is an error on the console.
    expect(broken).toEqual([]);
  });

  it('says how to get a link where there is none, and comes in once there is a session', async () => {
    await using context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(served.hub.origin);
    await page.getByRole('heading', { name: 'Open Watchline with its link' }).waitFor();
    const other = await context.newPage();
    await other.goto(served.hub.launchUrl());
    await other.getByRole('heading', { name: 'web-1' }).waitFor();
    // Tabs share one connection: what let the other one in lets this one in too.
    await page.getByRole('heading', { name: 'web-1' }).waitFor();
  });

  it('says that a link was used, but only to a browser that did not use it', async () => {
    const link = served.hub.launchUrl();
    await using mine = await browser.newContext();
    const page = await mine.newPage();
    for (const visit of ['first', 'again']) {
      await page.goto('about:blank');
      await page.goto(link);
      await page
        .getByRole('heading', { name: 'web-1' })
        .waitFor({ timeout: 10_000 })
        .catch(() => {
          throw new Error(`the ${visit} visit did not come in`);
        });
    }
    await using foreign = await browser.newContext();
    const stranger = await foreign.newPage();
    await stranger.goto(link);
    await stranger.getByRole('heading', { name: 'This link was already used' }).waitFor();
    await until('a clean address', () => !stranger.url().includes('ticket'));
  });
});
