/** A hub that goes away and comes back under an open page. */
import { describe, expect, it } from 'vitest';
import { hasNoBrowser } from '../support/browser.ts';
import { openDashboard } from '../support/dashboard-page.ts';
import { startOverviewHub } from '../support/overview-hub.ts';
import { until } from '../support/until.ts';

describe.skipIf(hasNoBrowser)('a hub that goes away', () => {
  it('leaves its last numbers, grey and with their age; the page comes back by itself', async () => {
    await using served = await startOverviewHub(['a-host'], 1_000);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    const word = page.locator('.connection-pill .word');
    const cpu = page.locator('.vital-tile').first();
    served.feed('a-host', 42);
    await cpu.getByText('42.0').waitFor();
    await word.filter({ hasText: 'Connected' }).waitFor();

    await served.stop();
    await word.filter({ hasText: 'Reconnecting' }).waitFor();
    await cpu.locator('.reading.stale').waitFor();
    expect(await cpu.locator('.number').textContent()).toBe('42.0');
    await page.getByText(/Last seen/).waitFor();

    await page.evaluate(() => Object.assign(window, { isTheSamePage: true }));
    await served.restart();
    await word.filter({ hasText: 'Connected' }).waitFor();
    await until('the number of the new hub', async () => {
      served.feed('a-host', 7);
      return (
        (await cpu.locator('.number').textContent()) === '7.00' || (await cpu.getByText('7.0').count()) > 0
      );
    });
    expect(await cpu.locator('.reading.stale').count()).toBe(0);
    expect(await page.evaluate(() => 'isTheSamePage' in window)).toBe(true);
  });

  it('leaves the lines of a host within their pane, where the word about it has little room', async () => {
    await using served = await startOverviewHub(['a-host'], 1_000);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    await dashboard.go('/host/a-host');
    const pane = page.locator('.log-pane');
    await pane.getByText('Following').waitFor();
    await served.stop();
    await pane.getByText(/^Disconnected/).waitFor();
    const overhang = await pane.evaluate((element) => {
      const { right } = element.getBoundingClientRect();
      return [...element.children].map((part) => Math.round(part.getBoundingClientRect().right - right));
    });
    expect(Math.max(...overhang)).toBe(0);
  });

  it('is said to be unreachable, with a way to try at once', async () => {
    await using served = await startOverviewHub(['a-host'], 1_000);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    const pill = page.locator('.connection-pill');
    const word = pill.locator('.word');
    await word.filter({ hasText: 'Connected' }).waitFor();
    await served.stop();
    await word.filter({ hasText: 'Reconnecting in' }).waitFor();
    await pill.getByRole('button').first().click();
    await page.getByText('The hub does not answer').waitFor();
    const again = page.getByRole('button', { name: 'Try now' });
    await again.waitFor();
    await served.restart();
    const connected = word.filter({ hasText: 'Connected' }).waitFor();
    // The page may have tried by itself meanwhile, and the button be gone.
    await Promise.race([again.click().catch(() => undefined), connected]);
    await connected;
  });

  it('that was updated is shown anew where a part of the open page is needed that it has no more', async () => {
    await using served = await startOverviewHub(['a-host'], 1_000);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    await page.locator('.connection-pill .word').filter({ hasText: 'Connected' }).waitFor();
    await page.evaluate(() => Object.assign(window, { isTheSamePage: true }));
    await page.route('**/assets/*', (route) => route.fulfill({ status: 404, body: '' }));
    const reopened = page.waitForRequest((request) => request.isNavigationRequest());
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Logs' }).click();
    expect(new URL((await reopened).url()).pathname).toBe('/logs');
    await page.unrouteAll();
    await page.reload();
    await page.getByRole('region', { name: 'Log lines' }).waitFor();
    expect(await page.evaluate(() => 'isTheSamePage' in window)).toBe(false);
  });
});
