/** Alerts as people meet them: in the rail, in Events, on the overview, acknowledged, ended, and by a rule that is changed in Settings. */
import type { Locator, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { pastAlerts } from '../../shared/schema/alerts.ts';
import { sharedBrowser } from '../support/browser.ts';
import { openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { fillDisk } from '../support/filled-disk.ts';
import { startOverviewHub, type OverviewHub } from '../support/overview-hub.ts';
import { makeShare } from '../support/share-client.ts';
import { until } from '../support/until.ts';

const MINUTE = 60_000;
const hosts = ['web-1', 'web-2', 'web-3', 'web-4', 'db-1'] as const;
const opened = new AsyncDisposableStack();
let hub: OverviewHub;
let dashboard: DashboardPage;
let page: Page;
/** Of the readings of disks: a rule heeds only later ones. They go on from two hours ago. */
let time = Date.now() - 120 * MINUTE;

beforeAll(async () => {
  hub = opened.use(await startOverviewHub(hosts));
  for (const host of hosts) hub.feed(host, 10);
  dashboard = opened.use(await openDashboard(hub.hub));
  page = dashboard.page;
});
afterEach(() => expect(dashboard.errors).toEqual([]));
afterAll(() => opened.disposeAsync());

function fill(host: (typeof hosts)[number], percent: number): void {
  fillDisk(hub.observers[hosts.indexOf(host)]!, percent, (time += 2 * MINUTE), host);
}

const firing = (on = page): Locator => on.getByRole('region', { name: 'Firing' });
const rowOf = (host: string): Locator => firing().getByRole('listitem').filter({ hasText: host });
const rail = (): Locator =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Events/ });
const railSays = (text: string): Promise<unknown> =>
  until(`the rail says ${text}`, async () => (await rail().innerText()).replace(/\s+/g, ' ').includes(text));
const timeline = (): Locator => page.locator('.event-row[data-kind="alert"]');
/** What has the focus, in words. */
const focused = (): Promise<string> =>
  page.evaluate(() => {
    const { activeElement } = document;
    const row = activeElement?.closest('.firing-row')?.querySelector('.host')?.textContent;
    return `${row?.trim() ?? 'no row'}: ${activeElement?.textContent.trim()}`;
  });
const ruleOf = (name: string): Locator => page.getByRole('listitem', { name, exact: true });

test('while nothing fires there is one quiet line, with the number of armed rules, and no badge', async () => {
  await dashboard.go('/events');
  await page.getByText('Nothing has fired. 3 rules armed').waitFor();
  expect(await firing().count()).toBe(0);
  expect(await rail().innerText()).toBe('Events');
});

test('a disk that fires is on top of Events, in the rail, and in the timeline at its moment', async () => {
  fill('web-1', 93);
  const row = rowOf('web-1');
  await row.getByText('Disk / 93.0 % full (over 90 %)').waitFor();
  expect(await row.innerText()).toContain('Warning');
  expect(await row.innerText()).toMatch(/since (\w+ \d+ )?\d\d:\d\d \(.+\)/);
  expect(await page.getByText('Nothing has fired').count()).toBe(0);
  // It is told there, and not a second time among the hosts that need attention.
  expect(await page.getByRole('region', { name: 'Needs attention now' }).count()).toBe(0);
  await railSays('1 alert fires');
  const listed = timeline().filter({ hasText: 'Disk / 93.0 % full' });
  await listed.waitFor();
  await page.getByRole('button', { name: 'Notes', exact: true }).click();
  await until('no alerts among the notes', async () => (await timeline().count()) === 0);
  await page.getByRole('button', { name: 'Alerts', exact: true }).click();
  await listed.waitFor();
});

test('a press on it opens the host at the moment when it fired, though this page was opened after it', async () => {
  const { alerts } = pastAlerts.parse(await (await hub.hub.get('/api/v1/alerts?from=0')).json());
  await rowOf('web-1').getByRole('link').click();
  await until('the host', () => new URL(page.url()).pathname === '/host/web-1');
  const { searchParams } = new URL(page.url());
  expect(Number(searchParams.get('from'))).toBeLessThan(alerts[0]!.firedAt);
  expect(Number(searchParams.get('to'))).toBeGreaterThan(alerts[0]!.firedAt);
});

test('the overview says it once, in the words of the alert, and the host is a warning', async () => {
  await dashboard.go('/');
  const card = page.getByRole('link').filter({ has: page.getByRole('heading', { name: 'web-1' }) });
  await card.getByText('Disk / 93.0 % full (over 90 %) for').waitFor();
  const text = await card.innerText();
  expect(text).toContain('Warning');
  expect(text).not.toContain('is 93.0 % full');
});

test('acknowledged, it is quieter: no badge, no warning, and it says since when, in a second page too', async () => {
  const context = await (
    await sharedBrowser()
  ).newContext({ storageState: await page.context().storageState() });
  const second = await context.newPage();
  await second.goto(`${hub.hub.origin}/events`);
  await firing(second)
    .getByRole('button', { name: /^Acknowledge: web-1/ })
    .waitFor();
  await dashboard.go('/events');
  await rowOf('web-1')
    .getByRole('button', { name: /^Acknowledge: web-1/ })
    .click();
  await rowOf('web-1')
    .getByText(/^Acknowledged \d\d:\d\d$/)
    .waitFor();
  expect(await rowOf('web-1').getByRole('button').count()).toBe(0);
  await until('no badge', async () => (await rail().innerText()) === 'Events');
  await firing(second)
    .getByText(/^Acknowledged/)
    .waitFor();
  await context.close();
  await dashboard.go('/');
  const card = page.getByRole('link').filter({ has: page.getByRole('heading', { name: 'web-1' }) });
  await card.getByText(/Disk \/ 93\.0 % full .* acknowledged/).waitFor();
  expect(await card.innerText()).toContain('Healthy');
  // By name, as all are well: it does not stand first for what the page saw before it heard of alerts.
  expect(await page.locator('.host-card .name').allInnerTexts()).toEqual([...hosts].sort());
});

test('why it could not be acknowledged is told beside it, and it can be tried again', async () => {
  fill('db-1', 96);
  await dashboard.go('/events');
  await page.route('**/acknowledge', (route) =>
    route.fulfill({
      status: 507,
      json: { error: { code: 'unkept', message: 'The disk of the hub is full.', remedy: null } },
    }),
  );
  const press = rowOf('db-1').getByRole('button');
  await press.click();
  await rowOf('db-1').getByText('The disk of the hub is full.').waitFor();
  await page.unroute('**/acknowledge');
  await press.click();
  await rowOf('db-1')
    .getByText(/^Acknowledged/)
    .waitFor();
  expect(await rowOf('db-1').getByText('The disk of the hub is full.').count()).toBe(0);
  // The browser tells of an answer that is no success, whatever it was for.
  expect(dashboard.errors.splice(0)).toEqual([expect.stringContaining('507')]);
});

test('the same on four hosts is one row that unfolds, and is acknowledged as one', async () => {
  for (const host of ['web-2', 'web-3', 'web-4'] as const) fill(host, 92);
  await railSays('3 alerts fire');
  expect(await firing().getByRole('button', { expanded: false }).count()).toBe(0);
  fill('web-1', 40);
  fill('web-1', 94);
  await railSays('4 alerts fire');
  const burst = firing().getByRole('button', { name: '4 hosts with a full disk', expanded: false });
  await burst.click();
  await rowOf('web-3')
    .getByRole('link', { name: /^Open web-3 at/ })
    .waitFor();
  await firing().getByRole('button', { name: 'Acknowledge all: 4 hosts with a full disk' }).press('Enter');
  await until('no badge', async () => (await rail().innerText()) === 'Events');
  // Meanwhile they were single rows, and are one again, with the one that was seen before: the focus is where the button was.
  await until('the focus', async () =>
    /^5 hosts with a full disk: Acknowledged \d\d:\d\d$/.test(await focused()),
  );
  await page.getByRole('status').getByText('Acknowledged: 4 hosts with a full disk').waitFor();
});

test('ended, it leaves the top, and the timeline says how long it was', async () => {
  for (const host of hosts) fill(host, 30);
  await page.getByText('Nothing fires now. 3 rules armed').waitFor();
  const listed = timeline().filter({ hasText: 'Disk / was over 90 % full (up to 94.0 %)' });
  expect(await listed.innerText()).toMatch(/for \d+ min, until (\w+ \d+ )?\d\d:\d\d/);
});

test('acknowledged by keyboard, it is told aloud, and the focus goes with the row to its new place', async () => {
  for (const host of ['web-1', 'web-2', 'db-1'] as const) fill(host, 93);
  await railSays('3 alerts fire');
  expect(await firing().getByRole('listitem').first().innerText()).toContain('db-1');
  // Without the amount, which changes while somebody reads it.
  await firing().getByRole('button', { name: 'Acknowledge: db-1, Disk /', exact: true }).press('Enter');
  await page.getByRole('status').getByText('Acknowledged: db-1, Disk /').waitFor();
  await until('the focus', async () => /^db-1: Acknowledged \d\d:\d\d$/.test(await focused()));
  expect(await firing().getByRole('listitem').last().innerText()).toContain('db-1');
});

test('A acknowledges the row that has the focus, which keeps it, and the key help says so', async () => {
  await rowOf('web-2').getByRole('link').focus();
  await rowOf('web-1').hover();
  await page.keyboard.press('a');
  await rowOf('web-2')
    .getByText(/^Acknowledged/)
    .waitFor();
  await page.getByRole('status').getByText('Acknowledged: web-2, Disk /').waitFor();
  expect(await focused()).toBe('web-2: web-2');
  expect(await rowOf('web-1').getByRole('button').count()).toBe(1);
  await page.keyboard.press('?');
  await page.getByText('Acknowledge the alert in focus, or under the pointer').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('where nothing has the focus A acknowledges the row under the pointer; held down, that one alone', async () => {
  fill('web-3', 93);
  await railSays('2 alerts fire');
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await rowOf('web-3').hover();
  await page.keyboard.down('a');
  await rowOf('web-3')
    .getByText(/^Acknowledged/)
    .waitFor();
  await rowOf('web-1').hover();
  await page.keyboard.down('a');
  expect(await rowOf('web-1').getByRole('button').innerText()).toBe('Acknowledge');
  await page.keyboard.up('a');
  await page.keyboard.press('a');
  await firing()
    .getByRole('listitem')
    .filter({ hasText: '4 hosts with a full disk' })
    .getByText(/^Acknowledged/)
    .waitFor();
});

test('the focus of a row that ended goes to what is left', async () => {
  const burst = firing().getByRole('button', { name: '4 hosts with a full disk' });
  await burst.focus();
  fill('web-1', 30);
  await until('the focus', async () => /^(web-[23]|db-1): Acknowledged/.test(await focused()));
  for (const host of hosts) fill(host, 30);
  await until('the focus', async () => (await focused()) === 'no row: Nothing fires now. 3 rules armed');
});

test('a rule is told as a sentence; what is wrong in a field is said there, and nothing is asked of the hub', async () => {
  await dashboard.go('/settings/alerts');
  const disk = ruleOf('Disk');
  await disk.getByText(/^Fired \d+ times in 24 h$/).waitFor();
  expect((await disk.innerText()).replace(/\s+/g, ' ')).toContain('When a disk of any host is above');
  expect(await disk.getByRole('button', { name: 'Save' }).count()).toBe(0);
  let asked = 0;
  page.on('request', (request) => (asked += Number(request.method() === 'PATCH')));
  await disk.getByRole('textbox', { name: 'For how long before it fires' }).fill('a while');
  await disk.getByRole('button', { name: 'Save' }).click();
  await disk.getByText('“a while” is no length of time').waitFor();
  await disk.getByRole('button', { name: 'Undo' }).click();
  expect(await disk.getByRole('textbox', { name: 'For how long before it fires' }).inputValue()).toBe(
    '1 min',
  );
  await disk.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
  expect(asked).toBe(0);
});

test('a rule that is changed fires by what it says now, as urgent as it says', async () => {
  const disk = ruleOf('Disk');
  await disk.getByRole('textbox', { name: 'Fires above, percent' }).fill('50');
  await disk.getByRole('textbox', { name: 'Clears below, percent' }).fill('45');
  await disk.getByRole('textbox', { name: 'For how long before it fires' }).fill('20s');
  await disk.getByRole('button', { name: 'Save' }).click();
  await disk.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
  expect(await disk.getByRole('textbox', { name: 'For how long before it fires' }).inputValue()).toBe('20 s');
  await disk.getByRole('radio', { name: 'Critical' }).check({ force: true });
  await until('the hub has it', async () =>
    /"measure":"disk","level":"crit"/.test(await (await hub.hub.get('/api/v1/alerts/rules')).text()),
  );
  fill('web-2', 60);
  await disk.getByText(/; fires now on web-2$/).waitFor();
  await railSays('1 alert fires');
  await dashboard.go('/');
  const card = page.getByRole('link').filter({ has: page.getByRole('heading', { name: 'web-2' }) });
  await card.getByText('Disk / 60.0 % full (over 50 %)').waitFor();
  expect(await card.innerText()).toContain('Critical');
});

test('a rule that is disarmed lets go of what it fired, and Events counts one rule less', async () => {
  await dashboard.go('/settings/alerts');
  await ruleOf('Disk').getByRole('switch', { name: 'Disk: armed', checked: true }).click({ force: true });
  await ruleOf('Disk').getByText('Not armed').waitFor();
  await until('no badge', async () => (await rail().innerText()) === 'Events');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Events' }).click();
  await page.getByText('Nothing fires now. 2 rules armed').waitFor();
  // What was done is in the audit log, and the page that stays open hears of it from others.
  await page.locator('.event-row', { hasText: 'Alert rule changed: disk' }).first().waitFor();
  const answer = await fetch(`${hub.hub.origin}/api/v1/alerts/rules/disk`, {
    method: 'PATCH',
    headers: { Authorization: `Bearer ${hub.hub.ownerToken}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ isArmed: true, above: 90, clearBelow: 88 }),
  });
  expect(answer.status).toBe(200);
  await page.getByText('Nothing fires now. 3 rules armed').waitFor({ timeout: 10_000 });
});

test('who watches a share sees what fires there and since when, and has no button for it', async () => {
  fill('web-3', 97);
  fill('web-1', 97);
  const { link } = await makeShare(hub.hub, { scope: { hosts: ['web-3'], since: 0 } });
  const context = await (await sharedBrowser()).newContext();
  const viewer = await context.newPage();
  const asked: string[] = [];
  viewer.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await viewer.goto(link);
  const events = viewer.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Events/ });
  await events.click();
  await firing(viewer).getByText('Disk / 97.0 % full (over 90 %)').waitFor();
  expect(await firing(viewer).getByRole('listitem').count()).toBe(1);
  expect(await firing(viewer).getByRole('button').count()).toBe(0);
  expect((await events.innerText()).replace(/\s+/g, ' ')).toContain('1 alert fires');
  fill('web-3', 20);
  await viewer.getByText('Nothing fires now.').waitFor();
  expect(asked.filter((each) => each.includes('/alerts/rules'))).toEqual([]);
  await context.close();
});
