/**
 * What travelling through history costs whoever travels: how soon a link a week back shows something, how soon a zoom is finer, and what a
 * long journey leaves in the page. A hub in this process with a month of one made-up host, the built page in a real Chromium.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startHub, type RunningHub } from '../hub/start-hub.ts';
import { launchChromium } from '../scripts/launch/launch-chromium.ts';
import { observedHost } from '../tests/support/observations.ts';
import { keepPast, pastSample } from '../tests/support/past-machine.ts';
import { ScriptedObserver } from '../tests/support/scripted-observer.ts';
import { barRow, plainRow, type BenchRow } from './bench-row.ts';
import { heapBytes, openCosts, percentile } from './page-cost.ts';

const pageDir = join(import.meta.dirname, '..', 'dist', 'renderer');
const MEBIBYTE = 1024 * 1024;
const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Milliseconds from the start of the navigation, and MiB. */
const BARS = { firstPixelsMs: 300, heapGrowthMiB: 2 };

/** Steps of a journey until the page holds as much of the past as it ever does. */
const FILLING_STEPS = 150;
/** What a person in a hurry does with the plot that has the focus; the same journey in every run. */
const JOURNEY = [
  'Shift+ArrowLeft',
  '+',
  'Shift+ArrowLeft',
  '+',
  'Shift+ArrowRight',
  '-',
  '-',
  'Shift+ArrowLeft',
  '+',
  '-',
];

export async function run({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  if (!existsSync(pageDir)) throw new Error('The travel bench needs a build: run "npm run build" first.');
  await using opened = new AsyncDisposableStack();
  const hub = await startTravelled(opened);
  const browser = await launchChromium();
  opened.defer(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(watchFirstPixels);
  await page.goto(hub.launchUrl());
  await page.locator('a[href^="/host/"]').first().waitFor();
  const [coldMs] = await openLinks(page, hub, [0, 1]);
  const firsts = await openLinks(page, hub, [1, quick ? 9 : 21]);
  const zooms = await zoomIn(page, hub, quick ? 5 : 20);
  const journey = await travel(page, quick ? 40 : FILLING_STEPS, quick ? 8 * SECOND : HOUR);
  return [
    barRow(
      'A link a week back, to the first data drawn, median',
      percentile(firsts, 0.5),
      'ms',
      BARS.firstPixelsMs,
    ),
    plainRow('The same, p95', percentile(firsts, 0.95), 'ms'),
    plainRow('The first of all links, its thread not started yet', coldMs!, 'ms'),
    plainRow('A zoom into a week, to the finer data, median', percentile(zooms, 0.5), 'ms'),
    barRow(
      `Heap growth in ${Math.round(journey.seconds)} s of travelling, ${journey.steps} steps`,
      journey.grownBytes / MEBIBYTE,
      'MiB',
      BARS.heapGrowthMiB,
    ),
    plainRow('Heap of the page that has travelled', journey.heapBytes / MEBIBYTE, 'MiB'),
  ];
}

interface Watched {
  /** Milliseconds since the navigation began; null: nothing yet. */
  firstPixelsMs: number | null;
}

/** Runs in the page. A chart says in `data-time` which data it has drawn; without any it has none. */
function watchFirstPixels(): void {
  const watched: Watched = { firstPixelsMs: null };
  Object.assign(globalThis, { watched });
  new MutationObserver(() => {
    if (document.querySelector('.chart-panel[data-time]') === null) return;
    watched.firstPixelsMs ??= performance.now();
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-time'] });
}

/** Each to an hour of its own, `[first, end)` back from a week ago, so that none is remembered. */
async function openLinks(page: Page, hub: RunningHub, [first, end]: [number, number]): Promise<number[]> {
  const taken: number[] = [];
  for (let turn = first; turn < end; turn++) {
    const to = Date.now() - 7 * DAY - turn * HOUR;
    await page.goto(`${hub.origin}/host/web-1?from=${to - HOUR}&to=${to}`, { waitUntil: 'commit' });
    await page.locator('.chart-panel[data-time]').first().waitFor();
    taken.push(
      await page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched.firstPixelsMs!),
    );
  }
  return taken.sort((a, b) => a - b);
}

/** From the key that zooms until the chart has drawn what it asked for then. */
async function zoomIn(page: Page, hub: RunningHub, count: number): Promise<number[]> {
  const taken: number[] = [];
  for (let turn = 0; turn < count; turn++) {
    const to = Date.now() - (1 + (turn % 20)) * DAY;
    await page.goto(`${hub.origin}/host/web-1?from=${to - 7 * DAY}&to=${to}`);
    await page.locator('.chart-panel[data-time]').first().waitFor();
    const before = Number(await page.locator('.chart-panel').first().getAttribute('data-step'));
    await page.locator('.plot').first().focus();
    const began = performance.now();
    await page.keyboard.press('+');
    await page.waitForFunction(
      (step) => Number(document.querySelector<HTMLElement>('.chart-panel')?.dataset['step']) < step,
      before,
    );
    taken.push(performance.now() - began);
  }
  return taken.sort((a, b) => a - b);
}

interface Journey {
  seconds: number;
  steps: number;
  grownBytes: number;
  heapBytes: number;
}

async function travel(page: Page, fillingSteps: number, lengthMs: number): Promise<Journey> {
  const devtools = await openCosts(page);
  let steps = 0;
  while (steps < fillingSteps) await step(page, steps++);
  const before = await heapBytes(devtools);
  const began = performance.now();
  while (performance.now() - began < lengthMs) await step(page, steps++);
  const after = await heapBytes(devtools);
  const seconds = (performance.now() - began) / 1000;
  return { seconds, steps: steps - fillingSteps, grownBytes: after - before, heapBytes: after };
}

async function step(page: Page, number: number): Promise<void> {
  const plot = page.locator('.plot').first();
  // Now and then elsewhere: a journey that only goes on would never come back to what was let go.
  if (number % 25 === 24)
    await page.getByRole('button', { name: number % 50 === 49 ? '7d' : '30d', exact: true }).click();
  await plot.focus();
  await page.keyboard.press(JOURNEY[number % JOURNEY.length]!);
  await page.waitForTimeout(250);
}

/** A month of a host, and its present at one sample a second. */
async function startTravelled(into: AsyncDisposableStack): Promise<RunningHub> {
  const dataDir = await mkdtemp(join(tmpdir(), 'watchline-bench-'));
  into.defer(() => rm(dataDir, { recursive: true, force: true }));
  const now = Date.now();
  await keepPast(dataDir, 'web-1', [
    { from: now - 30 * DAY, to: now - 8 * DAY, intervalMs: 30 * SECOND },
    { from: now - 8 * DAY, to: now - 6 * HOUR, intervalMs: 10 * SECOND },
    { from: now - 6 * HOUR, to: now },
  ]);
  const observer = new ScriptedObserver(observedHost('web-1', { name: 'web-1' }), [
    { name: 'sample', data: pastSample('web-1', Date.now()) },
  ]);
  const hub = into.use(
    await startHub({
      version: 'bench',
      host: '127.0.0.1',
      port: 0,
      dataDir,
      pageDir,
      allowedHosts: [],
      observers: [observer],
    }),
  );
  const timer = setInterval(
    () => observer.observe({ name: 'sample', data: pastSample('web-1', Date.now()) }),
    SECOND,
  );
  into.defer(() => clearInterval(timer));
  return hub;
}
