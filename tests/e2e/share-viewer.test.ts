/** A teammate opens a link, in a browser of his own: what he sees, what he may do, pointing, and how it ends. */
import type { Browser, BrowserContext, Locator, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ShareAnswer } from '../../shared/schema/shares.ts';
import { askAsOwner } from '../support/agent-client.ts';
import { hasNoBrowser, launchBrowser } from '../support/browser.ts';
import { builtPageDir } from '../support/dashboard-page.ts';
import { logLineOf, observedHost, sampleOf } from '../support/observations.ts';
import { postNote } from '../support/post-note.ts';
import { makeShare } from '../support/share-client.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
let browser: Browser;
let hub: TestHub;
/** Everything of both hosts, with history. */
let team: ShareAnswer;
/** Of one host, and without logs. */
let narrow: ShareAnswer;
/** Over soon after the tests began. */
let brief: ShareAnswer;
let ownerContext: BrowserContext;
let owner: Page;
let viewerContext: BrowserContext;
let viewer: Page;
/** What the viewer's first page asked for. */
const requests: { url: string; pageUrl: string; referrer: string }[] = [];
/** Errors in the pages themselves; what the browser says of a refused request is none. */
const errors: string[] = [];

beforeAll(async () => {
  if (hasNoBrowser) return;
  hub = opened.use(await startTestHub({ pageDir: builtPageDir() }));
  for (const id of ['web-1', 'db-1']) {
    hub.sink.describe(observedHost(id, { name: id, intervalMs: 60_000 }));
    const begin = Date.now() - 60_000;
    for (let second = 0; second <= 60; second++)
      hub.sink.observe({ name: 'sample', data: sampleOf(id, second, { time: begin + second * 1000 }) });
  }
  brief = await makeShare(hub, { label: 'Brief', by: 'Ana', expiresInSeconds: 10 });
  team = await makeShare(hub, { label: 'Ops wall', by: 'Ana', expiresInSeconds: 7_200, scope: { since: 0 } });
  narrow = await makeShare(hub, {
    label: 'Web only',
    expiresInSeconds: null,
    scope: { hosts: ['web-1'], channels: ['metrics', 'processes'], since: 0 },
  });
  browser = await launchBrowser();
  opened.defer(() => browser.close());
  ownerContext = await newProfile();
  owner = await newPage(ownerContext);
  await owner.goto(hub.launchUrl());
  viewerContext = await newProfile();
  viewer = await newPage(viewerContext);
  viewer.on('request', (request) => {
    const referrer = request.headers()['referer'] ?? '';
    requests.push({ url: request.url(), pageUrl: viewer.url(), referrer });
  });
});
afterAll(() => opened.disposeAsync());

function newProfile(width = 1440, height = 900): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
}

async function newPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text());
  });
  return page;
}

/** The link as it leads to this hub from this machine. */
function linkOf({ link }: ShareAnswer): string {
  const { pathname, hash } = new URL(link);
  return hub.origin + pathname + hash;
}

const pageOf = ({ share }: ShareAnswer, path = '/') => `${hub.origin}/s/${share.id}${path}`;
const bannerOf = (page: Page): Locator => page.getByRole('region', { name: 'About this share' });
const cpuOf = (page: Page): Locator => page.getByRole('region', { name: 'CPU', exact: true });

async function open(context: BrowserContext, share: ShareAnswer): Promise<Page> {
  const page = await newPage(context);
  await page.goto(linkOf(share));
  await bannerOf(page).waitFor();
  return page;
}

function heading(page: Page, name: string): Promise<void> {
  return page.getByRole('heading', { name }).waitFor();
}

async function change(share: ShareAnswer, body: object): Promise<void> {
  expect((await askAsOwner(hub, 'PATCH', `/api/v1/shares/${share.share.id}`, body)).status).toBe(200);
}

describe.skipIf(hasNoBrowser)('a shared page', () => {
  test('that is live only begins its log with what comes while somebody is there', async () => {
    const live = await makeShare(hub, { scope: { since: 'live', channels: ['metrics', 'logs'] } });
    const log = (text: string) =>
      hub.sink.observe({ name: 'log', data: logLineOf('web-1', 1, { time: Date.now(), text }) });
    log('before anybody came');
    const page = await open(await newProfile(), live);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Logs' }).click();
    await page.getByRole('region', { name: 'Log lines' }).waitFor();
    log('while somebody was there');
    await page.getByText('while somebody was there').waitFor();
    expect(await page.getByText('before anybody came').count()).toBe(0);
    expect(asked.filter((path) => path.endsWith('/logs/search'))).toEqual([]);
    await page.context().close();
  });

  test('takes the secret out of the address before it asks for anything, and tells it to nobody else', async () => {
    await viewer.goto(linkOf(team));
    await bannerOf(viewer).waitFor();
    expect(viewer.url()).toBe(pageOf(team));
    const secret = new URL(team.link).hash.slice(1);
    const swap = requests.findIndex(({ url }) => url.endsWith('/session'));
    expect(requests[swap]!.pageUrl).not.toContain('#');
    expect(requests.every(({ url, referrer }) => !url.includes(secret) && referrer === '')).toBe(true);
    const cookies = await viewerContext.cookies();
    expect(cookies.map(({ httpOnly, sameSite }) => [httpOnly, sameSite])).toEqual([[true, 'Strict']]);
    const kept = await viewer.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]),
    );
    expect(kept).not.toContain(secret);
  });

  test('is the dashboard, read-only', async () => {
    await bannerOf(viewer).getByText('shared by Ana').waitFor();
    expect((await bannerOf(viewer).innerText()).replace(/\s+/g, ' ')).toContain(
      'Read-only shared by Ana 2 h left',
    );
    await viewer.getByRole('heading', { name: 'web-1' }).waitFor();
    expect(await viewer.locator('.side-rail .screens').innerText()).toBe('Overview\nLogs\nEvents');
    expect(await viewer.getByText('Add a server').count()).toBe(0);
    await viewer.keyboard.press('Control+Shift+S');
    await viewer.keyboard.press('Control+k');
    const palette = viewer.getByRole('dialog', { name: 'Command palette' });
    expect(await palette.innerText()).not.toMatch(/Settings|Share|Add a server/);
    await viewer.keyboard.press('Escape');
  });

  test('comes back by reload and by deep links, and keeps what is not shared to its owner', async () => {
    await viewer.goto(pageOf(team, '/host/db-1?window=5m'));
    await cpuOf(viewer).and(viewer.locator('[data-time]')).waitFor();
    await viewer.reload();
    await cpuOf(viewer).and(viewer.locator('[data-time]')).waitFor();
    expect(viewer.url()).toBe(pageOf(team, '/host/db-1?window=5m'));
    // A place in the page is no secret.
    await viewer.goto(pageOf(team, '/#content'));
    await bannerOf(viewer).waitFor();
    await viewer.goto(pageOf(team, '/settings/sharing'));
    await heading(viewer, 'This is not part of the share');
  });

  test('reads notes and adds none', async () => {
    await postNote(hub, 'Swapped the disk');
    await viewer.goto(pageOf(team, '/events'));
    const row = viewer.locator('.event-row', { hasText: 'Swapped the disk' });
    await row.waitFor();
    expect(await viewer.getByRole('button', { name: /note/ }).count()).toBe(0);
    expect(await viewer.getByRole('button', { name: 'Access' }).count()).toBe(0);
  });

  test('is paused for itself alone', async () => {
    await viewer.keyboard.press('g');
    await viewer.keyboard.press('o');
    await viewer.keyboard.press('Space');
    await viewer.getByText(/^Paused at/).waitFor();
    expect(await owner.getByText(/^Paused at/).count()).toBe(0);
    await viewer.keyboard.press('l');
  });

  test('shows the owner who watches, where, and others how many', async () => {
    await bannerOf(viewer).getByRole('button', { name: 'watching' }).click();
    await viewer.getByRole('textbox', { name: 'Your name' }).fill('Bea');
    await viewer.keyboard.press('Enter');
    await viewer.goto(pageOf(team, '/host/web-1'));
    await using other = await newProfile();
    await open(other, team);
    await bannerOf(viewer)
      .getByRole('button', { name: /2\s*people watching/ })
      .waitFor();
    await owner.goto(`${hub.origin}/share`);
    const rows = owner.getByRole('list', { name: /Ops wall/ });
    await rows.getByText('Bea').waitFor();
    await until('her screen', async () => (await rows.innerText()).includes('web-1'));
  });

  test('points for everybody, and sees where others point', async () => {
    await owner.goto(`${hub.origin}/host/web-1`);
    await viewer.goto(pageOf(team, '/host/web-1'));
    for (const page of [owner, viewer]) await cpuOf(page).and(page.locator('[data-time]')).waitFor();
    await cpuOf(viewer)
      .locator('.plot')
      .hover({ position: { x: 240, y: 60 } });
    await viewer.keyboard.press('p');
    for (const page of [viewer, owner])
      await cpuOf(page).getByRole('list', { name: 'Pointers' }).getByText('Bea').waitFor();
    await owner.getByText('Bea points at web-1').waitFor();
    expect(await viewer.getByText('Bea points at web-1').count()).toBe(0);

    await cpuOf(owner)
      .locator('.plot')
      .click({ button: 'right', position: { x: 400, y: 60 } });
    await owner.getByRole('menuitem', { name: /^Point at/ }).click();
    await viewer.goto(pageOf(team, '/'));
    // Elsewhere, and later: it leads there.
    await viewer.getByText('Ana points at web-1').waitFor();
    await viewer.getByRole('button', { name: 'Show' }).click();
    await cpuOf(viewer).getByRole('list', { name: 'Pointers' }).getByText('Ana').waitFor();
  });

  test('stands beside another share, and beside the owner’s own page, in one browser', async () => {
    const second = await open(viewerContext, narrow);
    const own = await newPage(viewerContext);
    await own.goto(hub.launchUrl());
    await own.getByRole('link', { name: 'Settings' }).waitFor();
    await second.reload();
    await bannerOf(second).getByText('shared with you').waitFor();
    expect(await second.locator('.rail-hosts').innerText()).not.toContain('db-1');
    expect(await second.getByRole('link', { name: 'Logs' }).count()).toBe(0);
    const time = Date.now();
    hub.sink.observe({ name: 'sample', data: sampleOf('web-1', 77, { time }) });
    for (const page of [viewer, second, own])
      await page.locator(`html[data-sample-time="${time}"]`).waitFor({ state: 'attached' });
    await second.goto(pageOf(narrow, '/logs'));
    await heading(second, 'This is not part of the share');
    await own.close();
  });

  test('fits a phone', async () => {
    await using phone = await browser.newContext({
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
    });
    const page = await open(phone, team);
    for (const path of ['/', '/host/web-1', '/logs', '/events']) {
      await page.goto(pageOf(team, path));
      await bannerOf(page).waitFor();
      await page.locator('#content :is(h2, .log-pane)').first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    }
    const links = await page
      .locator('.side-rail .link:visible')
      .evaluateAll((all) =>
        all
          .map((each) => each.getBoundingClientRect())
          .map(({ width, height, bottom }) => [width, height, bottom]),
      );
    expect(links).toHaveLength(4);
    // At the bottom, and large enough for a thumb.
    for (const [width, height, bottom] of links) {
      expect(Math.min(width!, height!)).toBeGreaterThanOrEqual(44);
      expect(bottom).toBeGreaterThan(780);
    }
  });

  test('fills a TV, by its button or by its address, and leaves it with Esc', async () => {
    await viewer.goto(pageOf(team));
    // Only the tab before one's eyes may fill the screen.
    await viewer.bringToFront();
    await viewer.getByRole('button', { name: 'TV mode' }).click();
    await viewer.locator('.tv-tile').first().waitFor();
    expect(new URL(viewer.url()).searchParams.has('tv')).toBe(true);
    await until('a full screen', () => viewer.evaluate(() => document.fullscreenElement !== null));
    await viewer.evaluate(() => document.exitFullscreen());
    await bannerOf(viewer).waitFor();
    expect(new URL(viewer.url()).searchParams.has('tv')).toBe(false);

    await viewer.setViewportSize({ width: 1920, height: 1080 });
    await viewer.goto(pageOf(team, '/?tv'));
    const number = viewer.locator('.tv-figure .value').first();
    await number.waitFor();
    expect(
      await number.evaluate((element) => parseFloat(getComputedStyle(element).fontSize)),
    ).toBeGreaterThan(64);
    const frame = viewer.locator('.tv-frame');
    expect(await frame.evaluate((element) => getComputedStyle(element).cursor)).toBe('none');
    await viewer.mouse.move(300, 300);
    await until(
      'a pointer',
      async () => (await frame.evaluate((element) => getComputedStyle(element).cursor)) !== 'none',
    );
    await viewer.keyboard.press('Escape');
    await bannerOf(viewer).waitFor();
    await viewer.setViewportSize({ width: 1440, height: 900 });
  });

  test('says that it is paused, and goes on', async () => {
    await change(team, { isPaused: true });
    await heading(viewer, 'This share is paused');
    await change(team, { isPaused: false });
    await viewer.getByRole('button', { name: 'Try now' }).click();
    await bannerOf(viewer).waitFor();
  });

  test('opens again with the whole link where its session was ended', async () => {
    await viewer.evaluate(
      (share) => fetch('/api/v1/session', { method: 'DELETE', headers: { 'x-watchline-share': share } }),
      team.share.id,
    );
    await viewer.reload();
    await heading(viewer, 'Open the link again');
    await viewer.goto(linkOf(team));
    await bannerOf(viewer).getByText('shared by Ana').waitFor();
    expect(viewer.url()).toBe(pageOf(team));
  });

  test('ends at once when the owner ends the share, and does not come back; the other one goes on', async () => {
    const other = viewerContext.pages().find((page) => page.url().includes(narrow.share.id))!;
    requests.length = 0;
    await askAsOwner(hub, 'DELETE', `/api/v1/shares/${team.share.id}`);
    await heading(viewer, 'The owner ended this share');
    await viewer.getByText('Ask Ana for a new link').waitFor();

    await using stranger = await newProfile(390, 844);
    const page = await newPage(stranger);
    const cases = [
      [linkOf(team), 'The owner ended this share'],
      [linkOf(narrow).slice(0, -4), 'This link opens nothing'],
      [`${hub.origin}/s/short${new URL(team.link).hash}`, 'This link opens nothing'],
      [pageOf(narrow), 'Open the link again'],
    ] as const;
    for (const [link, title] of cases) {
      await page.goto('about:blank');
      await page.goto(link);
      await heading(page, title);
      expect(page.url()).not.toContain('#');
    }
    expect(requests).toEqual([]);
    await other.goto(pageOf(narrow));
    await bannerOf(other).waitFor();
  });

  test('waits where as many watch as may', async () => {
    await change(narrow, { maxViewers: 1 });
    await using third = await newProfile();
    const page = await newPage(third);
    await page.goto(linkOf(narrow));
    await heading(page, 'As many are watching as may');
    await change(narrow, { maxViewers: 2 });
    await page.getByRole('button', { name: 'Try now' }).click();
    await bannerOf(page).waitFor();
  });

  test('leaves its trace in the owner’s Events', async () => {
    await owner.goto(`${hub.origin}/events`);
    await owner.getByRole('button', { name: 'Access' }).click();
    for (const text of [
      'Share link made: Ops wall',
      'Share opened: Ops wall',
      'Share paused: Ops wall',
      'Share ended: Ops wall',
    ])
      await owner.locator('.event-row', { hasText: text }).first().waitFor();
    await owner.locator('.event-row', { hasText: 'wrong link' }).first().waitFor();
    expect(await owner.locator('.event-row').allInnerTexts()).not.toContain(new URL(team.link).hash.slice(1));
  });

  test('ends by itself when its time is over', async () => {
    await using late = await newProfile();
    const page = await newPage(late);
    await page.goto(linkOf(brief));
    await heading(page, 'This share has expired');
    expect(Date.now()).toBeGreaterThan(brief.share.expiresAt! - 1_000);
    expect(errors).toEqual([]);
  });
});
