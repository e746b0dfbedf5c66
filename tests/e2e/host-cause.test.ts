/** From a spike to its cause in one drag: what changed, what was running, and the lines of that window, side by side. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Locator, Page } from '@playwright/test';
import { builtPageDir, openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { observedHost } from '../support/observations.ts';
import {
  describeSpikingHost,
  observeLines,
  observeProcesses,
  observeSamples,
  spikeBefore,
  type Spike,
} from '../support/spiking-host.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
const WINDOW_MS = 300_000;
let hub: TestHub;
let dashboard: DashboardPage;
let page: Page;
let spike: Spike;
let plot: Locator;

beforeAll(async () => {
  hub = opened.use(await startTestHub({ pageDir: builtPageDir() }));
  spike = spikeBefore(Date.now());
  describeSpikingHost(hub.sink);
  observeSamples(hub.sink, spike);
  dashboard = opened.use(await openDashboard(hub));
  page = dashboard.page;
  await dashboard.go('/host/web-1?window=5m');
  const cpu = page.getByRole('region', { name: 'CPU', exact: true });
  plot = cpu.locator('.plot');
  await cpu.and(page.locator('[data-time]')).waitFor();
  // The page holds the tables that it is told.
  observeProcesses(hub.sink, spike);
  observeLines(hub.sink, spike);
  await page.getByText('pg_dump: finished').waitFor();
});
afterAll(() => opened.disposeAsync());

/** From three seconds before the spike to three after it. */
async function dragOverSpike(): Promise<void> {
  const { x, y, width } = (await plot.boundingBox())!;
  const [left, right] = [x + 72, x + width - 12];
  const end = Date.now();
  const at = (time: number) => left + ((time - (end - WINDOW_MS)) / WINDOW_MS) * (right - left);
  await page.mouse.move(at(spike.from - 3_000), y + 40);
  await page.mouse.down();
  await page.mouse.move(at(spike.to + 3_000), y + 60, { steps: 4 });
  await page.mouse.up();
  await page.getByText(/^Paused at/).waitFor();
}

const changed = () => page.getByRole('region', { name: 'What changed' });
const running = () => page.getByRole('region', { name: 'What was running' });
const cores = () => page.getByRole('region', { name: 'Cores', exact: true });
const lines = () => page.getByRole('region', { name: 'Logs', exact: true });

describe('one drag', () => {
  test('live, there is no cause to be shown', async () => {
    expect(await changed().count()).toBe(0);
    expect(await running().count()).toBe(0);
  });

  test('sets one window for the charts, the ranking, the processes and the lines', async () => {
    await dragOverSpike();
    const { searchParams } = new URL(page.url());
    expect(Math.abs(Number(searchParams.get('from')) - (spike.from - 3_000))).toBeLessThan(3_000);
    expect(Math.abs(Number(searchParams.get('to')) - (spike.to + 3_000))).toBeLessThan(3_000);
    await changed().getByRole('listitem').first().waitFor();
    await running().locator('tr.running').first().waitFor();
    for (const region of [changed(), running(), lines()]) {
      const box = (await region.boundingBox())!;
      // All three begin above the fold, next to each other.
      expect(box.y).toBeLessThan(700);
    }
  });

  test('the part of the machine that moved most is first, with its numbers of both windows', async () => {
    const groups = changed().locator('.group');
    expect(await groups.nth(0).innerText()).toMatch(/^Disk sda write[\s\S]*KiB\/s[\s\S]*8\d\.\d MiB\/s/);
    expect(await groups.nth(1).innerText()).toMatch(/^CPU iowait[\s\S]*[56]\d\.\d %/);
    // Restless all the time, and no more than before.
    expect(await changed().innerText()).not.toMatch(/Network/);
  });

  test('the process that came up is on top, marked as new; those that ran on are below', async () => {
    const rows = running().locator('tr.running');
    // Measured by what changed most, which was the disk.
    expect(await rows.nth(0).innerText()).toMatch(/^pg_dump\s*new[\s\S]*\+\d\d\.\d MiB\/s/);
    await running().getByText('CPU', { exact: true }).click();
    await until('percent', async () => /\+3\d\.\d %/.test(await rows.nth(0).innerText()));
    expect(await rows.nth(1).innerText()).toMatch(/^postgres/);
  });

  test('the lines are those of the window: the failure is there, what came before and after is not', async () => {
    const list = lines().locator('.log-list');
    await list.getByText('CMD (pg_dump').waitFor();
    // It stands at its beginning, and so does who reads it by the keys.
    expect(await list.evaluate((scroller) => scroller.scrollTop)).toBe(0);
    await list.focus();
    await page.keyboard.press('j');
    const first = await list.locator('.row').first().innerText();
    expect(await list.locator('.row.selected').innerText()).toBe(first);
    await page.keyboard.press('Escape');
    const text = await list.innerText();
    expect(text).toContain('checkpoints are occurring');
    expect(text).not.toContain(`items/${(spike.begin / 1_000) % 97} `);
  });
});

test('what the log said for the first time is told, the error first; a press leaves only such lines', async () => {
  const news = page.getByRole('region', { name: 'New in the logs' });
  await news.getByText('upstream timed out').waitFor();
  expect(await news.locator('.said').allInnerTexts()).toEqual([
    expect.stringMatching(/^upstream timed out/),
    expect.stringMatching(/^checkpoints are occurring/),
    expect.stringMatching(/CMD \(pg_dump|pg_dump: finished/),
    expect.stringMatching(/CMD \(pg_dump|pg_dump: finished/),
  ]);
  await news.getByText('upstream timed out').click();
  await until('that line alone', async () => (await lines().locator('.log-list .row').count()) === 1);
  await page.goBack();
  await until('all lines again', async () => (await lines().locator('.log-list .row').count()) > 5);
});

test('a row opens to all that moved with it, by keyboard too', async () => {
  const row = changed().locator('summary').first();
  await row.focus();
  await page.keyboard.press('Enter');
  await changed().locator('.others .row').first().waitFor();
  expect(await changed().locator('.others').first().innerText()).toMatch(/sda busy/);
  await page.keyboard.press('Enter');
});

test('the moment under the crosshair has its own table', async () => {
  await running().getByText('Moment', { exact: true }).click();
  const table = page.getByRole('region', { name: 'Processes', exact: true });
  // Which moment that is can be read.
  expect(await table.locator('.tag').evaluate((tag) => tag.scrollWidth - tag.clientWidth)).toBe(0);
  await page.getByText('Window', { exact: true }).click();
  await running().waitFor();
});

describe('where there is less room', () => {
  test('the lines end before the charts under them begin', async () => {
    await page.setViewportSize({ width: 1024, height: 768 });
    const [above, below] = await Promise.all([lines().boundingBox(), cores().boundingBox()]);
    expect(above!.y + above!.height).toBeLessThan(below!.y);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('on a phone the tools of a chart stay within its padding, and nothing makes the page taller than its window', async () => {
    const phone = await page
      .context()
      .browser()!
      .newContext({
        storageState: await page.context().storageState(),
        viewport: { width: 390, height: 844 },
        isMobile: true,
        hasTouch: true,
      });
    const narrow = await phone.newPage();
    await narrow.goto(page.url());
    await narrow.locator('.change-list .group').first().waitFor();
    const beyond = await narrow.locator('.chart-panel').evaluateAll((panels) =>
      panels.map((panel) => {
        const edge = panel.getBoundingClientRect().right - parseFloat(getComputedStyle(panel).paddingRight);
        return panel.querySelector('.tools')!.getBoundingClientRect().right - edge;
      }),
    );
    expect(beyond.length).toBeGreaterThan(3);
    expect(Math.max(...beyond)).toBeLessThanOrEqual(0);
    const { scrolled, shown } = await narrow.evaluate(() => ({
      scrolled: document.scrollingElement!.scrollHeight,
      shown: document.scrollingElement!.clientHeight,
    }));
    expect(scrolled).toBe(shown);
    await phone.close();
  });
});

describe('a pinned moment', () => {
  const signs = () => page.locator('.pin-mark .sign');

  test('E finds the error, C draws a line through every chart, at its time; the address keeps it', async () => {
    // The newest error of the window.
    await lines().locator('.log-list').focus();
    await page.keyboard.press('e');
    await page.keyboard.press('c');
    await until('the pin', async () => (await signs().count()) >= 4);
    const pinned = spike.from + 21_000;
    expect(new URL(page.url()).searchParams.get('pin')).toBe(String(pinned));
    const { x, width } = (await plot.boundingBox())!;
    const from = Number(new URL(page.url()).searchParams.get('from'));
    const to = Number(new URL(page.url()).searchParams.get('to'));
    const expected = x + 72 + ((pinned - from) / (to - from)) * (width - 84);
    const mark = (await page.locator('.pin-mark .line').first().boundingBox())!;
    expect(Math.abs(mark.x - expected)).toBeLessThan(2);
    // And in the list, under the line.
    const row = (await lines().locator('.row', { hasText: 'upstream timed out' }).boundingBox())!;
    const under = (await lines().locator('.pinned').boundingBox())!;
    expect(Math.abs(under.y - (row.y + row.height))).toBeLessThan(4);
  });

  test('C again takes it away, and so does a press on it', async () => {
    await page.keyboard.press('c');
    await until('no pin', async () => (await signs().count()) === 0);
    await plot.hover({ position: { x: 200, y: 40 } });
    await page.keyboard.press('c');
    await signs().first().waitFor();
    await signs().first().click();
    await until('no pin', async () => (await signs().count()) === 0);
    expect(new URL(page.url()).searchParams.has('pin')).toBe(false);
  });

  test('from the Logs screen C leads to the charts of the host, around that line', async () => {
    await dashboard.go('/logs?q=timed');
    await page.locator('.log-list .row', { hasText: 'upstream timed out' }).click();
    await page.keyboard.press('c');
    await signs().first().waitFor();
    const { pathname, searchParams } = new URL(page.url());
    expect(pathname).toBe('/host/web-1');
    expect(searchParams.get('pin')).toBe(String(spike.from + 21_000));
    await page.goBack();
    await page.locator('.log-list .row', { hasText: 'upstream timed out' }).waitFor();
    // The tail as it was left, and not the time that was shown on the charts.
    expect(new URL(page.url()).search).toBe('?q=timed');
    await dashboard.go('/host/web-1');
  });
});

test('what happened to the host stands on the axis, without anybody having written it', async () => {
  const bootTime = spike.begin + 60_000;
  hub.sink.describe(observedHost('web-1', { inventory: { ...observedHost().inventory, bootTime } }));
  await dashboard.go(`/host/web-1?from=${bootTime - 30_000}&to=${bootTime + 30_000}`);
  await page
    .getByRole('button', { name: /Started \(boot\)/ })
    .first()
    .waitFor();
});

test('back to live, the usual cards return', async () => {
  await page.keyboard.press('l');
  await until('no ranking', async () => (await changed().count()) === 0);
  await page.getByRole('region', { name: 'Processes', exact: true }).waitFor();
});

test('nothing went wrong in the page', () => {
  expect(dashboard.errors).toEqual([]);
});
