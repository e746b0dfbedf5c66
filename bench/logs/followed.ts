/**
 * The Logs screen while it follows 2,000 lines a second with 50,000 lines held: from a file that a process writes, through tailer, hub
 * and stream, into a real Chromium. Frames as the page gets them, the heap after collection.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { launchChromium } from '../../scripts/launch/launch-chromium.ts';
import { barRow, plainRow, type BenchRow } from '../bench-row.ts';
import { heapBytes, openCosts, percentile, threadSeconds } from '../page-cost.ts';
import { startPageHub, stop } from '../page-hub.ts';

const writer = join(import.meta.dirname, 'line-writer.ts');
const MEBIBYTE = 1024 * 1024;
const LINES_PER_SECOND = 2_000;
/** What the page holds at most. */
const HELD_LINES = 50_000;
const FILL_LINES_PER_SECOND = 10_000;

/** Milliseconds and MiB. */
const BARS = { frameMs: 20, heapGrowthMiB: 2 };

export async function followedRows({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  const windowMs = quick ? 6_000 : 600_000;
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'watchline-bench-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'followed.log');
  await writeFile(file, '');
  const launchUrl = await startPageHub(opened, ['--logs', file, '--no-journal']);
  const browser = await launchChromium();
  opened.defer(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(launchUrl);
  await page.locator('a[href="/logs"]').first().click();
  await page.locator('.log-list').waitFor();

  await write(file, HELD_LINES + 5_000, quick ? 2 * FILL_LINES_PER_SECOND : FILL_LINES_PER_SECOND);
  await untilHeld(page, HELD_LINES - 1_000);
  const seconds = windowMs / 1000;
  const writing = startWriter(file, Math.round((seconds + 60) * LINES_PER_SECOND), LINES_PER_SECOND);
  opened.defer(() => stop(writing));
  const devtools = await openCosts(page);
  await sleep(quick ? 2_000 : 5_000);
  const heapBefore = await heapBytes(devtools);
  await page.evaluate(watchFrames);
  const before = await threadSeconds(devtools);
  await sleep(windowMs);
  const frames = await page.evaluate(() => (globalThis as unknown as { frames: number[] }).frames);
  const after = await threadSeconds(devtools);
  const heapAfter = await heapBytes(devtools);
  const sorted = frames.toSorted((a, b) => a - b);
  const share = (name: string): number => (100 * (after[name]! - before[name]!)) / seconds;
  const name = `Logs screen, ${LINES_PER_SECOND} lines/s`;
  return [
    barRow(`${name}, frame p95`, percentile(sorted, 0.95), 'ms', BARS.frameMs),
    plainRow(`${name}, frame median`, percentile(sorted, 0.5), 'ms'),
    plainRow(`${name}, frame p99`, percentile(sorted, 0.99), 'ms'),
    plainRow(`${name}, scripting`, share('ScriptDuration'), '% of one core'),
    plainRow(
      `${name}, style and layout`,
      share('LayoutDuration') + share('RecalcStyleDuration'),
      '% of one core',
    ),
    plainRow(`${name}, main thread in all`, share('TaskDuration'), '% of one core'),
    barRow(
      `${name}, heap growth in ${Math.round(seconds)} s`,
      (heapAfter - heapBefore) / MEBIBYTE,
      'MiB',
      BARS.heapGrowthMiB,
    ),
    plainRow(`${name}, heap`, heapAfter / MEBIBYTE, 'MiB'),
    plainRow('Lines held', await heldLines(page), 'lines'),
  ];
}

/** Resolves when all lines are in the file. */
async function write(file: string, lines: number, linesPerSecond: number): Promise<void> {
  const child = startWriter(file, lines, linesPerSecond);
  await once(child.stdout!, 'data');
  await stop(child);
}

function startWriter(file: string, lines: number, linesPerSecond: number): ChildProcess {
  return spawn(process.execPath, [writer, file, String(lines), String(linesPerSecond)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

async function untilHeld(page: Page, lines: number): Promise<void> {
  const deadline = performance.now() + 60_000;
  while ((await heldLines(page)) < lines) {
    if (performance.now() > deadline) throw new Error(`The page holds ${await heldLines(page)} lines.`);
    await sleep(250);
  }
}

async function heldLines(page: Page): Promise<number> {
  return Number(((await page.locator('.total').textContent()) ?? '').replace(/\D/g, ''));
}

/** Runs in the page: milliseconds between one frame and the next. */
function watchFrames(): void {
  const frames: number[] = [];
  Object.assign(globalThis, { frames });
  let before = performance.now();
  requestAnimationFrame(function next(now) {
    frames.push(now - before);
    before = now;
    requestAnimationFrame(next);
  });
}
