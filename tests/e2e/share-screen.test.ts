/** The owner shares, in a real browser: makes a link, sees who opens it, pauses and ends it; and gives scripts tokens. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import decodeQR from 'qr/decode.js';
import type { BrowserContext, Locator, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasNoBrowser } from '../support/browser.ts';
import { openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { startOverviewHub, type OverviewHub } from '../support/overview-hub.ts';
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
let served: OverviewHub;
let dashboard: DashboardPage;
let page: Page;
let dialog: Locator;

beforeAll(async () => {
  if (hasNoBrowser) return;
  served = opened.use(await startOverviewHub(['web-1', 'db-1']));
  dashboard = opened.use(await openDashboard(served.hub));
  page = dashboard.page;
  dialog = page.getByRole('dialog', { name: 'Share this dashboard' });
});
afterAll(() => opened.disposeAsync());

/** Another person's browser: no cookies of the owner. */
async function openAsViewer(link: string): Promise<Page & AsyncDisposable> {
  const context: BrowserContext = await page.context().browser()!.newContext({
    reducedMotion: 'reduce',
    // Nobody has told that browser to trust the hub's authority.
    ignoreHTTPSErrors: true,
  });
  const viewer = await context.newPage();
  await viewer.goto(link);
  return Object.assign(viewer, { [Symbol.asyncDispose]: () => context.close() });
}

/** What is in a CopyLine, by the name it has for screen readers. */
function lineOf(label: string): Promise<string | null> {
  return dialog.getByRole('textbox', { name: label }).textContent();
}

/** Fills the dialog in, and answers the link. */
async function makeLink(label: string): Promise<string> {
  await page.keyboard.press('Control+Shift+S');
  await dialog.getByRole('textbox', { name: 'Label' }).fill(label);
  await dialog.getByRole('button', { name: 'Create link' }).click();
  return (await lineOf('Link for viewers'))!;
}

/** A key pressed before the dialog is out of the page is still the dialog's. */
async function leaveDialog(): Promise<void> {
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
}

const rowOf = (label: string) => page.locator('.record-row', { hasText: label });

async function choose(label: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${label}` }).click();
  await page.getByRole('button', { name: action, exact: true }).click();
}

/** What a camera sees of an element of the page. */
async function scan(element: Locator): Promise<string> {
  const png = (await element.screenshot()).toString('base64');
  const { width, height, pixels } = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return { width: bitmap.width, height: bitmap.height, pixels: Array.from(data) };
  }, png);
  return decodeQR({ width, height, data: Uint8Array.from(pixels) });
}

describe.skipIf(hasNoBrowser)('sharing', () => {
  test('begins with one sentence and a button; from a host its own dialog opens with that host alone', async () => {
    await dashboard.go('/');
    await page.getByRole('link', { name: 'Share' }).click();
    await page.getByText('Nothing is shared').waitFor();
    await page.getByRole('button', { name: 'Create link' }).click();
    await dialog.waitFor();
    expect(await dialog.getByRole('checkbox', { name: 'Logs' }).isChecked()).toBe(false);
    expect(await dialog.getByRole('checkbox', { name: 'Passwords, tokens, keys' }).isChecked()).toBe(true);
    await leaveDialog();

    await dashboard.go('/host/web-1');
    await page.locator('.chart-panel').first().waitFor();
    await page.keyboard.press('Control+Shift+S');
    expect(await dialog.getByRole('checkbox', { name: 'web-1' }).isChecked()).toBe(true);
    expect(await dialog.getByRole('checkbox', { name: 'db-1' }).isChecked()).toBe(false);
    await leaveDialog();

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('share what');
    await page.keyboard.press('Enter');
    expect(await dialog.getByRole('checkbox', { name: 'web-1' }).isChecked()).toBe(true);
    await leaveDialog();
  });

  test('says what is missing instead of sending it', async () => {
    await dashboard.go('/share');
    await page.keyboard.press('Control+Shift+S');
    await dialog.getByText('Some of them').click();
    await dialog.getByRole('checkbox', { name: 'Logs' }).check();
    await dialog.getByLabel('Only log lines that match').fill('level>=wran');
    await dialog.getByText('This network', { exact: true }).click();
    await dialog.getByText('None (plain HTTP)').click();
    await dialog.getByText('can read the link, everything it shows').waitFor();
    await dialog.getByRole('button', { name: 'Create link' }).click();
    await dialog.getByText('Choose at least one host or group.').waitFor();
    await dialog.getByText('There is no level "wran"').waitFor();
    await dialog.getByText('Tick the box, or choose TLS.').waitFor();
    await leaveDialog();
  });

  test('a link can be copied, read by a script, and is watched by name', async () => {
    await dashboard.go('/share');
    const link = await makeLink('For the team');
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/s\/[a-z0-9]{12}#[\w-]{43}$/);
    // It is the page's for this one time: nothing of it is in the address or the history.
    expect(await page.evaluate(() => location.href + JSON.stringify(history.state))).not.toContain(
      link.split('#')[1],
    );

    await dialog.getByText('For scripts and tools').click();
    const curl = (await lineOf('The stream in a terminal'))!;
    const [, token, address] = /Bearer (\S+)" (\S+)$/.exec(curl)!;
    await using stream = await openStream(address!, { Authorization: `Bearer ${token}` });
    expect(stream.first).toContain('"role":"viewer"');
    await dialog.getByRole('button', { name: 'Make a one-minute address' }).click();
    const ticketAddress = (await lineOf('For what takes an address and nothing else'))!;
    await using ticketed = await openStream(ticketAddress, {});
    expect(ticketed.first).toContain('"role":"viewer"');
    expect((await fetch(ticketAddress)).status).toBe(401);
    await dialog.getByRole('button', { name: 'Done' }).click();

    await using viewer = await openAsViewer(link);
    await viewer.locator('a[href*="/host/"]').first().waitFor({ state: 'attached' });
    await viewer.evaluate(() => localStorage.setItem('watchline.own-name', 'Ben'));
    await viewer.goto(`${link.split('#')[0]}/host/web-1`);
    const watcher = rowOf('For the team').locator('.watcher', { hasText: 'Ben' });
    await watcher.waitFor();
    await until('the screen', async () => (await watcher.textContent())?.includes('web-1'));
    // On every screen of the owner.
    await dashboard.go('/logs');
    await page.getByRole('link', { name: 'watching' }).click();
    await watcher.waitFor();

    // The owner sees what viewers see, beside his own page, and is none of them.
    const preview = page.waitForEvent('popup');
    await choose('For the team', 'Preview as viewer');
    const previewed = await preview;
    await previewed.getByText('Read-only').first().waitFor();
    expect(new URL(previewed.url()).hash).toBe('');
    expect(await previewed.evaluate(() => window.opener === null)).toBe(true);
    expect(await page.locator('.watcher', { hasText: 'Overview' }).count()).toBe(0);
    await previewed.close();
  });

  test('paused, resumed, changed and revoked: what the row says is what a viewer gets', async () => {
    await dashboard.go('/share');
    const link = await makeLink('For a moment');
    await dialog.getByRole('button', { name: 'Done' }).click();

    await choose('For a moment', 'Pause');
    await rowOf('For a moment').getByText('Viewers see nothing until you resume it.').waitFor();
    await using viewer = await openAsViewer(link);
    await viewer.getByText('This share is paused').waitFor();
    await choose('For a moment', 'Resume');
    await rowOf('For a moment').getByText('Viewers see nothing').waitFor({ state: 'detached' });
    await viewer.getByRole('button', { name: 'Try now' }).click();
    await viewer.locator('a[href*="/host/"]').first().waitFor({ state: 'attached' });

    await choose('For a moment', 'Change');
    const change = page.getByRole('dialog', { name: 'Change “For a moment”' });
    await change.getByLabel('Viewers at most').fill('5');
    await change.getByText('From now').click();
    await change.getByText('1 hour').click();
    await change.getByRole('button', { name: 'Save' }).click();
    await rowOf('For a moment').getByText(/of 5$/).waitFor();
    await rowOf('For a moment')
      .getByText(/^in (1 h|59 min)$/)
      .waitFor();

    await choose('For a moment', 'Revoke');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await viewer.getByText('The owner ended this share').waitFor();
    await page.getByText('Ended links').click();
    await page.locator('.ended .record-row', { hasText: 'For a moment' }).getByText('Revoked').waitFor();
  });

  test('all are revoked at once', async () => {
    await page.getByRole('button', { name: 'Revoke all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke all' }).click();
    await page.getByText('Nothing is shared').waitFor();
    expect(await page.locator('.ended .record-row').count()).toBe(2);
  });

  test('a token is shown once, does what it may, and is revoked', async () => {
    await dashboard.go('/settings/sharing');
    await page.getByText('No script has a token.').waitFor();
    await page.getByRole('button', { name: 'Create token' }).click();
    const making = page.getByRole('dialog');
    await making.getByLabel('What it is for').fill('deploy script');
    await page.keyboard.press('Enter');
    const shown = page.getByRole('dialog', { name: 'Token for deploy script' });
    const token = (await shown.getByRole('textbox').first().textContent())!;
    const publish = () =>
      fetch(`${served.hub.origin}/api/v1/events`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}` },
        body: 'Deployed',
      });
    expect((await publish()).status).toBe(201);
    await shown.getByRole('button', { name: 'Done' }).click();
    await choose('deploy script', 'Revoke');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('No script has a token.').waitFor();
    expect((await publish()).status).toBe(401);
  });

  test('another session of the owner is seen, and ended', async () => {
    await using other = await openAsViewer(served.hub.launchUrl());
    await other.locator('a[href^="/host/"]').first().waitFor({ state: 'attached' });
    const sessions = page.getByRole('region', { name: 'Sessions' });
    await sessions.getByText('this browser').waitFor();
    const others = sessions.locator('.record-row').filter({ hasNotText: 'this browser' });
    await others.getByRole('button', { name: 'Actions for' }).click();
    await others.getByRole('button', { name: 'End' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
    await others.waitFor({ state: 'detached' });
    await other.getByText('This page’s access has ended').waitFor();
  });

  test('this network is opened with a certificate of its own, tried, its link scanned, and closed again', async () => {
    await using taken = await takePort();
    const reach = page.getByRole('region', { name: 'Where links lead' });
    await reach.getByRole('radio', { name: 'This network' }).check({ force: true });
    await reach.getByText('Port, certificate and proxies').click();
    await reach.getByRole('textbox', { name: 'Port' }).fill(String(taken.port));
    await reach.getByRole('button', { name: 'Save' }).click();
    await reach.getByText(`Port ${taken.port} is already in use`).waitFor();
    await reach.getByRole('button', { name: 'Use a free port' }).click();
    await reach.locator('[data-outcome="reachable"], [data-outcome="warned"]').waitFor();
    const certificate = page.getByRole('region', { name: 'Certificate of this network' });
    const authority = new X509Certificate(await (await fetch(`${served.hub.origin}/ca.crt`)).text())
      .fingerprint256;
    expect(await certificate.locator('.whole').textContent()).toBe(authority);

    await dashboard.go('/share');
    const link = await makeLink('Next door');
    expect(link).toMatch(/^https:\/\/(?!127)/);
    await dialog.locator('[data-outcome="reachable"], [data-outcome="warned"]').waitFor();
    expect(await scan(dialog.getByRole('img', { name: 'The link as a QR code' }))).toBe(link);
    await dialog.getByRole('button', { name: 'Create another' }).click();
    await dialog.getByRole('radio', { name: 'This machine only' }).check({ force: true });
    await dialog.getByText('Closes the port').waitFor();
    await using viewer = await openAsViewer(link);
    await viewer.locator('a[href*="/host/"]').first().waitFor({ state: 'attached' });
    await dialog.getByRole('button', { name: 'Create link' }).click();
    expect(await lineOf('Link for viewers')).toMatch(/^http:\/\/127/);
    await viewer.getByText('Reconnecting').first().waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
  });

  test('nothing went wrong in the page', () => {
    // The browser's own note of the busy port, which was meant.
    expect(dashboard.errors).toEqual([expect.stringContaining('409')]);
  });
});

/** A port that another program has, on every address of this machine. */
async function takePort(): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer();
  await once(server.listen(0), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

interface OpenStream extends AsyncDisposable {
  /** Its first bytes: the `hello`. */
  readonly first: string;
}

async function openStream(address: string, headers: Record<string, string>): Promise<OpenStream> {
  const ending = new AbortController();
  const response = await fetch(address, { headers, signal: ending.signal });
  expect(response.status).toBe(200);
  const { value } = await response.body!.getReader().read();
  return {
    first: Buffer.from(value!).toString(),
    [Symbol.asyncDispose]: async () => ending.abort(),
  };
}
