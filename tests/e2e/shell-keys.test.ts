/** Keys, the command palette, the theme and the time shown. */
import { describe, expect, it } from 'vitest';
import { hasNoBrowser } from '../support/browser.ts';
import { openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { startOverviewHub } from '../support/overview-hub.ts';
import { until } from '../support/until.ts';

function at(dashboard: DashboardPage): URL {
  return new URL(dashboard.page.url());
}

async function press(dashboard: DashboardPage, ...keys: string[]): Promise<void> {
  for (const key of keys) await dashboard.page.keyboard.press(key);
}

async function ready(dashboard: DashboardPage): Promise<void> {
  await dashboard.page.locator('.rail-host').first().waitFor();
}

describe.skipIf(hasNoBrowser)('the keyboard', () => {
  it('goes to every screen and host, and back out', async () => {
    await using served = await startOverviewHub(['a-host', 'b-host']);
    await using dashboard = await openDashboard(served.hub);
    await ready(dashboard);
    const { page } = dashboard;
    await press(dashboard, 'g', 'l');
    await page.waitForURL('**/logs');
    await press(dashboard, 'g', 'o');
    await page.waitForURL((url) => url.pathname === '/');
    await press(dashboard, ']');
    await page.waitForURL('**/host/a-host');
    await press(dashboard, ']');
    await page.waitForURL('**/host/b-host');
    await press(dashboard, ']');
    await page.waitForURL('**/host/a-host');
    await press(dashboard, '[');
    await page.waitForURL('**/host/b-host');
    await press(dashboard, 'Escape');
    await page.waitForURL((url) => url.pathname === '/');
    expect(dashboard.errors).toEqual([]);
  });

  it('acts on the log of a screen that was come to by a link', async () => {
    await using served = await startOverviewHub(['a-host']);
    await using dashboard = await openDashboard(served.hub);
    await ready(dashboard);
    const { page } = dashboard;
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Logs' }).click();
    await page.getByRole('region', { name: 'Log lines' }).waitFor();
    await press(dashboard, '/');
    expect(await page.locator('.log-pane input[type=text]:focus').count()).toBe(1);
  });

  it('is off while typing, and single keys can be switched off for good', async () => {
    await using served = await startOverviewHub(['a-host']);
    await using dashboard = await openDashboard(served.hub);
    await ready(dashboard);
    const { page } = dashboard;
    await press(dashboard, 'Control+k');
    await page.getByRole('combobox').fill('');
    await page.keyboard.type('gl] ?');
    expect(await page.getByRole('combobox').inputValue()).toBe('gl] ?');
    expect(at(dashboard).pathname).toBe('/');
    await press(dashboard, 'Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await press(dashboard, '?');
    await page.getByRole('checkbox', { name: 'Single-key shortcuts' }).uncheck();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.reload();
    await ready(dashboard);
    await press(dashboard, 'g', 'l');
    // A key with Mod still acts: once it has, the two before it have had their chance.
    await press(dashboard, 'Control+k');
    await page.getByRole('combobox').waitFor();
    expect(at(dashboard).pathname).toBe('/');
  });

  it('copies the link to what is shown, its time included', async () => {
    await using served = await startOverviewHub(['a-host']);
    await using dashboard = await openDashboard(served.hub);
    await ready(dashboard);
    const { page } = dashboard;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await dashboard.go('/?window=15m');
    // The link keeps the focus, and leaves Space to the page.
    await page.locator('.rail-host').click();
    await page.waitForURL('**/host/a-host?window=15m');
    await press(dashboard, 'Space');
    await page.getByText(/^Paused at/).waitFor();
    await press(dashboard, 'Control+Shift+C');
    await page.getByText('Link to what is shown copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
    expect(at(dashboard).searchParams.has('from')).toBe(true);
    // Where the clipboard is closed, the link is there to be copied by hand.
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await press(dashboard, 'Control+Shift+C');
    expect(await page.getByRole('textbox', { name: 'Link to what is shown' }).textContent()).toBe(page.url());
    expect(dashboard.errors).toEqual([]);
  });

  it('finds a host and a theme in the palette; the theme stays', async () => {
    await using served = await startOverviewHub(['a-host', 'b-host']);
    await using dashboard = await openDashboard(served.hub);
    await ready(dashboard);
    const { page } = dashboard;
    const worn = () => page.evaluate(() => document.documentElement.dataset['theme']);
    expect(await worn()).toBe('light');
    await press(dashboard, 'Control+k');
    await page.getByRole('combobox').fill('dark');
    await press(dashboard, 'Enter');
    await until('the dark theme', async () => (await worn()) === 'dark');
    await page.reload();
    expect(await worn()).toBe('dark');
    await ready(dashboard);
    await press(dashboard, 'Control+k');
    await page.getByRole('combobox').fill('b-h');
    await press(dashboard, 'Enter');
    await page.waitForURL('**/host/b-host');
  });
});

describe.skipIf(hasNoBrowser)('the time shown', () => {
  it('stands still after Space, on every screen, and goes on after L', async () => {
    await using served = await startOverviewHub(['a-host']);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    const cpu = page.locator('.vital-tile').first().locator('.number');
    served.feed('a-host', 42);
    await until('the number', async () => (await cpu.textContent()) === '42.0');
    await page.locator('body').click({ position: { x: 1, y: 1 } });
    await press(dashboard, 'Space');
    await page.getByText('Paused at').waitFor();
    const { searchParams } = at(dashboard);
    expect(Number(searchParams.get('to')) - Number(searchParams.get('from'))).toBe(60_000);
    const time = served.feed('a-host', 77);
    await until('the next sample to be known', () => knows(dashboard, time));
    expect(await cpu.textContent()).toBe('42.0');
    await press(dashboard, 'g', 'l');
    await page.waitForURL((url) => url.pathname === '/logs' && url.searchParams.has('from'));
    await press(dashboard, 'g', 'o');
    await page.waitForURL((url) => url.pathname === '/' && url.searchParams.has('from'));
    await press(dashboard, 'l');
    await page.waitForURL((url) => url.search === '');
    await until('the newest number', async () => (await cpu.textContent()) === '77.0');
  });

  it('is in the address, so that a link shows the same', async () => {
    await using served = await startOverviewHub(['a-host']);
    await using dashboard = await openDashboard(served.hub);
    await ready(dashboard);
    const { page } = dashboard;
    await page.getByRole('button', { name: '5m', exact: true }).click();
    await page.waitForURL('**/?window=5m');
    await press(dashboard, 'Space');
    await page.getByText(/^Paused at/).waitFor();
    await dashboard.go('/?window=15m');
    await page.locator('.preset[aria-pressed=true]', { hasText: '15m' }).waitFor();
  });
});

async function knows(dashboard: DashboardPage, time: number): Promise<boolean> {
  return (await dashboard.page.locator('html').getAttribute('data-sample-time')) === String(time);
}
