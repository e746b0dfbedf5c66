/** The overview: what was measured is what is shown, worst first, and nothing is drawn for nobody. */
import { describe, expect, it } from 'vitest';
import { hasNoBrowser } from '../support/browser.ts';
import { openDashboard } from '../support/dashboard-page.ts';
import { filesystemsOf, logLineOf, processesOf, sampleOf } from '../support/observations.ts';
import { startOverviewHub } from '../support/overview-hub.ts';
import { until } from '../support/until.ts';

describe.skipIf(hasNoBrowser)('the overview of one host', () => {
  it('shows what was measured, and says when it did', async () => {
    await using served = await startOverviewHub(['a-host']);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    const [observer] = served.observers;
    observer!.observe({ name: 'filesystems', data: filesystemsOf('a-host') });
    observer!.observe({ name: 'processes', data: processesOf('a-host', 55) });
    observer!.observe({
      name: 'log',
      data: logLineOf('a-host', 0, { level: 'error', text: '<img src=x onerror=alert(1)> \u001b[31mred' }),
    });
    const time = served.feed('a-host', 42);
    await until(
      'the mark of the sample',
      async () => (await page.locator('html').getAttribute('data-sample-time')) === String(time),
    );
    const tiles = page.locator('.vital-tile .reading');
    expect(await tiles.allTextContents()).toEqual(['42.0 %', '25.0 %', '2.93 KiB/s', '120 kbit/s']);
    await page.getByText('66.7 %').waitFor();
    await page.getByRole('row', { name: /init.*55\.0/ }).waitFor();
    // Text from outside is shown, never obeyed.
    await page.getByText('<img src=x onerror=alert(1)> \u241b[31mred').waitFor();
    expect(dashboard.errors).toEqual([]);
  });

  it('writes "-" for what is unknown', async () => {
    await using served = await startOverviewHub(['a-host']);
    await using dashboard = await openDashboard(served.hub);
    served.feed('a-host', 42, { load: null });
    await dashboard.page.getByText('Load - - -').waitFor();
  });

  it('draws nothing while hidden, and the newest once shown', async () => {
    await using served = await startOverviewHub(['a-host']);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    const cpu = page.locator('.vital-tile .number').first();
    served.feed('a-host', 42);
    await until('the number', async () => (await cpu.textContent()) === '42.0');
    await setHidden(true);
    const texts = await page.evaluateHandle(() => {
      const written: string[] = [];
      const number = document.querySelector('.vital-tile .number')!;
      const note = () => written.push(number.textContent);
      new MutationObserver(note).observe(number, { characterData: true, childList: true, subtree: true });
      return written;
    });
    // A second page, one that is seen, tells when the samples have left the hub.
    await using other = await openDashboard(served.hub);
    const seen = other.page;
    served.feed('a-host', 50);
    await seen.locator('.vital-tile .number', { hasText: '50.0' }).waitFor();
    served.feed('a-host', 51);
    await seen.locator('.vital-tile .number', { hasText: '51.0' }).waitFor();
    expect(await cpu.textContent()).toBe('42.0');
    await setHidden(false);
    await until('the newest number', async () => (await cpu.textContent()) === '51.0');
    expect(await texts.jsonValue()).toEqual(['51.0']);

    /** Headless Chromium never hides a page by itself. */
    async function setHidden(isHidden: boolean): Promise<void> {
      await page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    }
  });
});

describe.skipIf(hasNoBrowser)('the overview of several hosts', () => {
  it('puts the worst first, and opens a host', async () => {
    await using served = await startOverviewHub(['calm', 'full', 'tight']);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    const full = filesystemsOf('full');
    full.mounts = [{ ...full.mounts[0]!, usedBytes: 98, availableBytes: 2 }];
    served.observers[1]!.observe({ name: 'filesystems', data: full });
    const { memory } = sampleOf();
    served.feed('tight', 10, { memory: { ...memory, usedBytes: memory.totalBytes * 0.96 } });
    const names = page.locator('.host-card .name');
    await until(
      'the order',
      async () => (await names.allTextContents()).join() === ['full', 'tight', 'calm'].join(),
    );
    await page.getByText('/ is 98.0 % full').waitFor();
    await page.locator('.host-card').nth(1).click();
    await page.waitForURL('**/host/tight');
  });

  it('names host and source of a warning on a phone too', async () => {
    await using served = await startOverviewHub(['a-host', 'b-host']);
    await using dashboard = await openDashboard(served.hub, { viewport: { width: 390, height: 844 } });
    const [observer] = served.observers;
    const source = 'nginx/error.log';
    observer!.observe({
      name: 'log',
      data: logLineOf('a-host', 0, { level: 'error', source, text: 'gone' }),
    });
    const from = dashboard.page.locator('.from', { hasText: source });
    await from.waitFor();
    expect(await from.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  });

  it('fits a phone, with the screens within reach of the thumb', async () => {
    await using served = await startOverviewHub(['a-host-with-quite-a-long-name.example.net', 'b-host']);
    await using dashboard = await openDashboard(served.hub, { viewport: { width: 390, height: 844 } });
    const { page } = dashboard;
    await page.locator('.host-card').first().waitFor();
    const overflow = await page.evaluate(() => {
      const content = document.querySelector('#content')!;
      return [document.documentElement.scrollWidth - innerWidth, content.scrollWidth - content.clientWidth];
    });
    expect(overflow).toEqual([0, 0]);
    const bar = await page.getByRole('navigation').boundingBox();
    expect(bar!.y + bar!.height).toBe(844);
    for (const link of await page.getByRole('navigation').locator('a:visible, button:visible').all()) {
      expect((await link.boundingBox())!.height).toBeGreaterThanOrEqual(44);
    }
  });

  it('on a wall: numbers apart from each other, and grey where they are old, however high', async () => {
    await using served = await startOverviewHub(['a-host', 'b-host'], 1_000);
    await using dashboard = await openDashboard(served.hub);
    const { page } = dashboard;
    await dashboard.go('/?tv');
    const { memory } = sampleOf();
    served.feed('a-host', 99, { memory: { ...memory, usedBytes: memory.totalBytes } });
    await page.locator('.tv-tile .value', { hasText: '100' }).waitFor();
    const room = await page.locator('.tv-tile', { hasText: 'a-host' }).evaluate((tile) => {
      const [, first, second] = [...tile.querySelectorAll('.value')].map((value) => {
        const text = document.createRange();
        text.selectNodeContents(value);
        return text.getBoundingClientRect();
      });
      return second!.left - first!.right;
    });
    expect(room).toBeGreaterThan(8);
    await page.locator('.tv-tile .tv-figure.stale', { hasText: '99' }).waitFor();
    expect(await page.locator('.tv-figure.stale[data-tone]').count()).toBe(0);
  });
});
