/**
 * What the Host screen costs the browser, and how soon a sample is on it: the built hub with its agent in a process of
 * its own, the page in a real Chromium, nothing between them but HTTP.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { launchChromium } from '../scripts/launch/launch-chromium.ts';
import { barRow, plainRow, type BenchRow } from './bench-row.ts';
import { heapBytes, openCosts, percentile, threadSeconds } from './page-cost.ts';
import { startPageHub } from './page-hub.ts';

const MEBIBYTE = 1024 * 1024;

/** Percent of one core, milliseconds, and MiB. */
const BARS = { scriptingPercent: 6, sampleToDomMs: 150, heapGrowthMiB: 2 };

export async function run({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  await using opened = new AsyncDisposableStack();
  const launchUrl = await startPageHub(opened);
  const browser = await launchChromium();
  opened.defer(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await openHostScreen(page, launchUrl);
  return await measure(
    page,
    quick ? { warmupMs: 6_000, windowMs: 20_000 } : { warmupMs: 120_000, windowMs: 600_000 },
  );
}

async function openHostScreen(page: Page, launchUrl: string): Promise<void> {
  await page.addInitScript(watchSamples);
  await page.goto(launchUrl);
  const link = page.locator('a[href^="/host/"]').first();
  await link.click();
  await page.locator('.chart-panel[data-time]').first().waitFor();
}

/** Milliseconds from a sample's own time to the chart that shows it, of every sample since the page was opened. */
interface Watched {
  sampleToDomMs: number[];
}

/** Runs in the page. The clocks are the same: hub, agent and browser share the machine. */
function watchSamples(): void {
  const watched: Watched = { sampleToDomMs: [] };
  Object.assign(globalThis, { watched });
  let newest = 0;
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const time = Number((target as HTMLElement).dataset['time']);
      if (!(time > newest)) continue;
      newest = time;
      watched.sampleToDomMs.push(Date.now() - time);
    }
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-time'] });
}

async function measure(
  page: Page,
  { warmupMs, windowMs }: { warmupMs: number; windowMs: number },
): Promise<BenchRow[]> {
  const devtools = await openCosts(page);
  await sleep(warmupMs);
  const heapBefore = await heapBytes(devtools);
  await page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched.sampleToDomMs.splice(0));
  const before = await threadSeconds(devtools);
  const began = performance.now();
  await sleep(windowMs);
  const after = await threadSeconds(devtools);
  const seconds = (performance.now() - began) / 1000;
  const delays = await page.evaluate(
    () => (globalThis as unknown as { watched: Watched }).watched.sampleToDomMs,
  );
  const heapAfter = await heapBytes(devtools);
  // A page that stopped drawing would be cheap.
  if (delays.length < seconds / 2)
    throw new Error(`The page showed ${delays.length} samples in ${seconds} s.`);

  const share = (name: string): number => (100 * (after[name]! - before[name]!)) / seconds;
  const sorted = delays.toSorted((a, b) => a - b);
  return [
    barRow('Host screen at 1 Hz, scripting', share('ScriptDuration'), '% of one core', BARS.scriptingPercent),
    plainRow(
      'Host screen at 1 Hz, style and layout',
      share('LayoutDuration') + share('RecalcStyleDuration'),
      '% of one core',
    ),
    plainRow('Host screen at 1 Hz, main thread in all', share('TaskDuration'), '% of one core'),
    barRow('Host screen, sample to DOM p95', percentile(sorted, 0.95), 'ms', BARS.sampleToDomMs),
    plainRow('Host screen, sample to DOM median', percentile(sorted, 0.5), 'ms'),
    barRow(
      `Host screen, heap growth in ${Math.round(seconds)} s`,
      (heapAfter - heapBefore) / MEBIBYTE,
      'MiB',
      BARS.heapGrowthMiB,
    ),
    plainRow('Host screen, heap', heapAfter / MEBIBYTE, 'MiB'),
  ];
}
