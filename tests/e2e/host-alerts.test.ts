/** What fires, on the page of its host: on the charts that it is about, at the bar of a full disk, in an image, long ago, and in a bundle. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Locator, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BundleRecord } from '../../shared/bundle/bundle-record.ts';
import type { Alert } from '../../shared/schema/alerts.ts';
import { alertOf } from '../support/alert-of.ts';
import { hasNoBrowser } from '../support/browser.ts';
import { builtPageDir, openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { fillDisk } from '../support/filled-disk.ts';
import { observedHost, sampleOf } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const MINUTE = 60_000;
const now = Date.now();
const lastWeek = now - 8 * 24 * 60 * MINUTE;
/** Memory is short from `begin` to `end`, and the rule fires after five minutes. */
const begin = now - 20 * MINUTE;
const end = now - 8 * MINUTE;

describe.skipIf(hasNoBrowser)('alerts of a host', () => {
  const opened = new AsyncDisposableStack();
  let folder: string;
  let hub: TestHub;
  let host: ScriptedObserver;
  let dashboard: DashboardPage;
  let page: Page;

  beforeAll(async () => {
    folder = opened.use(await makeTempFolder()).path;
    const kept = (changes: Partial<Alert>) =>
      JSON.stringify(
        alertOf('web-1', {
          subject: null,
          above: null,
          peak: null,
          since: lastWeek,
          firedAt: lastWeek + 2 * MINUTE,
          endedAt: lastWeek + 30 * MINUTE,
          ending: 'cleared',
          ...changes,
        }),
      );
    const lines = [
      kept({ id: 'offline01', measure: 'offline', level: 'crit' }),
      kept({ id: 'another01', measure: 'offline', level: 'crit', host: 'db-1' }),
    ];
    await writeFile(path.join(folder, 'alerts.ndjson'), `${lines.join('\n')}\n`);
    host = new ScriptedObserver(observedHost('web-1', { intervalMs: 10_000 }));
    hub = opened.use(await startTestHub({ dataDir: folder, pageDir: builtPageDir(), observers: [host] }));
    for (let time = begin - 5 * MINUTE; time <= now; time += 10_000) {
      const sample = sampleOf('web-1', 10, { time });
      const { totalBytes } = sample.memory;
      const usedBytes = totalBytes * (time >= begin && time < end ? 0.972 : 0.5);
      host.observe({ name: 'sample', data: { ...sample, memory: { ...sample.memory, usedBytes } } });
    }
    fillDisk(host, 93.5, now - 5 * MINUTE);
    dashboard = opened.use(await openDashboard(hub));
    page = dashboard.page;
  });
  afterAll(() => opened.disposeAsync());

  function chart(name: string): Locator {
    return page.getByRole('region', { name, exact: true });
  }

  async function goTo(from: number, to: number): Promise<void> {
    await dashboard.go(`/host/web-1?from=${from}&to=${to}`);
    await chart('Memory').and(page.locator('[data-step]')).waitFor();
  }

  /** The colour of a chart's canvas at a share of its window, so many pixels below the top of its plot. */
  function colourAt(name: string, share: number, below: number): Promise<string> {
    return chart(name)
      .locator('canvas')
      .evaluate(
        (canvas: HTMLCanvasElement, { share, below }) => {
          const x = 72 + share * (canvas.clientWidth - 72 - 12);
          const context = canvas.getContext('2d')!;
          const [red, green, blue, alpha] = context.getImageData(Math.round(x), 8 + below, 1, 1).data;
          return `${red} ${green} ${blue} ${alpha}`;
        },
        { share, below },
      );
  }

  /** A token of the theme, as `colourAt` answers it. */
  function tokenColour(token: string): Promise<string> {
    return page.evaluate((token) => {
      const context = document.createElement('canvas').getContext('2d')!;
      context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(token);
      context.fillRect(0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data].join(' ');
    }, token);
  }

  /** Shares of the window from `begin - 5 min` to now. */
  const shareOf = (time: number): number => (time - (begin - 5 * MINUTE)) / (now - (begin - 5 * MINUTE));
  const goToToday = (): Promise<void> => goTo(begin - 5 * MINUTE, now);

  async function summaryOf(name: string): Promise<string> {
    await chart(name).locator('.plot').focus();
    return (await chart(name).getByRole('img').getAttribute('aria-label')) ?? '';
  }

  test('short memory has a rule over its own chart, from when it fired to its end, and over no other', async () => {
    await goToToday();
    const warn = await tokenColour('--warn');
    await until('the rule', async () => (await colourAt('Memory', shareOf(end), -1)) === warn);
    const isRuled = async (name: string, time: number) => (await colourAt(name, shareOf(time), -1)) === warn;
    expect(await isRuled('Memory', begin + 8 * MINUTE)).toBe(true);
    expect(await isRuled('Memory', begin + 3 * MINUTE)).toBe(false);
    expect(await isRuled('Memory', end + 4 * MINUTE)).toBe(false);
    expect(await isRuled('CPU', begin + 8 * MINUTE)).toBe(false);
    expect(await summaryOf('Memory')).toMatch(/\. 1 alert in this window$/);
    expect(await summaryOf('CPU')).not.toContain('alert');
  });

  test('its time is tinted behind the series', async () => {
    await goToToday();
    await until('the rule', async () => (await summaryOf('Memory')).includes('1 alert'));
    // Between 50 % and 100 % cached memory is drawn alike before and after: but for the tint.
    const [during, after] = [end + MINUTE, end + 5 * MINUTE];
    expect(await colourAt('Memory', shareOf(during), 8)).not.toBe(
      await colourAt('Memory', shareOf(after), 8),
    );
    expect(await colourAt('CPU', shareOf(during), 8)).toBe(await colourAt('CPU', shareOf(after), 8));
  });

  test('the crosshair tells what fired there, and so do the arrow keys', async () => {
    await goToToday();
    const memory = chart('Memory');
    const { width } = (await memory.locator('.plot').boundingBox())!;
    const xOf = (time: number) => 72 + shareOf(time) * (width - 72 - 12);
    await memory.locator('.plot').hover({ position: { x: xOf(begin + 8 * MINUTE), y: 60 } });
    const told = memory.locator('.readout .alert');
    await told.waitFor();
    expect((await told.innerText()).replaceAll('\u00a0', ' ')).toMatch(
      /^Memory was over 95 % \(up to 97\.2 %\)\s+for \d+ min, until \d\d:\d\d$/,
    );
    await memory.locator('.plot').hover({ position: { x: xOf(begin + 2 * MINUTE), y: 60 } });
    await told.waitFor({ state: 'detached' });
    await memory.locator('.plot').focus();
    await until('a step read aloud', async () => {
      await page.keyboard.press('ArrowRight');
      return (await memory.locator('[aria-live]').textContent())?.includes('Memory was over 95 %');
    });
  });

  test('a full disk is marked at its bar, and on no chart', async () => {
    await dashboard.go('/host/web-1');
    const space = chart('Disk space');
    await space.getByText(/^Over 90 % for \d+ min$/).waitFor();
    expect(await space.getByRole('img', { name: 'Warning' }).count()).toBe(1);
    for (const name of ['CPU', 'Disk I/O', 'Disk utilisation'])
      expect(await summaryOf(name)).not.toContain('alert');
  });

  test('what fired last week is on every chart, where its host was silent', async () => {
    await goTo(lastWeek - 30 * MINUTE, lastWeek + 60 * MINUTE);
    const crit = await tokenColour('--crit');
    // From 32 to 60 of 90 minutes.
    for (const name of ['CPU', 'Memory', 'Network', 'Cores']) {
      await until(`the rule of ${name}`, async () => {
        await chart(name).scrollIntoViewIfNeeded();
        return (await colourAt(name, 0.5, -1)) === crit;
      });
      expect(await colourAt(name, 0.2, -1)).not.toBe(crit);
      expect(await colourAt(name, 0.8, -1)).not.toBe(crit);
    }
    // That of the other host is not counted.
    expect(await summaryOf('CPU')).toMatch(/\. 1 alert in this window$/);
  });

  test('an image of the chart has it too', async () => {
    await goToToday();
    const warn = await tokenColour('--warn');
    await until('the rule', async () => (await colourAt('Memory', shareOf(end), -1)) === warn);
    const countIn = async (name: string): Promise<number> => {
      const downloading = page.waitForEvent('download');
      await chart(name).getByRole('button', { name: 'Save this chart' }).click();
      await page.getByRole('menuitem', { name: 'Save as image (PNG)' }).click();
      const bytes = [...(await readFile(await (await downloading).path()))];
      return page.evaluate(
        async ({ bytes, wanted }) => {
          const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
          const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
          context.drawImage(image, 0, 0);
          const { data } = context.getImageData(0, 0, image.width, image.height);
          let count = 0;
          for (let at = 0; at < data.length; at += 4)
            if (data.subarray(at, at + 4).join(' ') === wanted) count++;
          return count;
        },
        { bytes, wanted: warn },
      );
    };
    // A rule of four pixels' height over a third of the plot.
    expect(await countIn('Memory')).toBeGreaterThan(500);
    expect(await countIn('CPU')).toBe(0);
  });

  test('a bundle holds it as it stood then, and shows it where it is opened', async () => {
    await goTo(begin - 5 * MINUTE, end - MINUTE);
    await page.keyboard.press('Control+Shift+E');
    const dialog = page.getByRole('dialog', { name: 'Save an incident bundle' });
    await dialog.getByText('Alerts and notes', { exact: true }).waitFor();
    const downloading = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    const bytes = await readFile(await (await downloading).path());
    await dialog.getByRole('button', { name: 'Done' }).click();
    const records = gunzipSync(bytes)
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as BundleRecord);
    const alerts = records.flatMap((each) =>
      each.kind === 'event' && each.name === 'alert' ? each.data : [],
    );
    // By then it had not ended, the disk was not full yet, and last week was long over.
    expect(alerts).toMatchObject([{ measure: 'memory', host: 'web-1', endedAt: null, ending: null }]);

    await dashboard.go('/');
    const transfer = await page.evaluateHandle(
      (bytes) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(bytes)], 'memory.watchline'));
        return transfer;
      },
      [...bytes],
    );
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await page.getByRole('region', { name: 'About this bundle' }).waitFor();
    await page.getByRole('link', { name: 'web-1.example.net' }).first().click();
    await chart('Memory').and(page.locator('[data-step]')).waitFor();
    const warn = await tokenColour('--warn');
    await until('the rule', async () => (await colourAt('Memory', 0.95, -1)) === warn);
    expect(await summaryOf('Memory')).toMatch(/\. 1 alert in this window$/);
    expect(dashboard.errors).toEqual([]);
  });
});
