/**
 * How soon a person sees something: `npm start -- --headless` on an installed and built tree, until the first real number
 * stands on the page in a real Chromium. The browser runs already, as a person's does.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { launchChromium } from '../scripts/launch/launch-chromium.ts';
import { barRow, plainRow, type BenchRow } from './bench-row.ts';

const root = join(import.meta.dirname, '..');
const BAR_MS = 2_000;
const LIMIT_MS = 30_000;

interface Times {
  servedMs: number;
  firstNumberMs: number;
}

export async function run({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  await using opened = new AsyncDisposableStack();
  const browser = await launchChromium();
  opened.defer(() => browser.close());
  const times: Times[] = [];
  for (let each = 0; each < (quick ? 3 : 10); each++) times.push(await startOnce(browser));
  const numbers = times.map(({ firstNumberMs }) => firstNumberMs);
  return [
    barRow('npm start to the first real number, median', median(numbers), 'ms', BAR_MS),
    plainRow('npm start to the first real number, slowest', Math.max(...numbers), 'ms'),
    plainRow('npm start to the printed address, median', median(times.map(({ servedMs }) => servedMs)), 'ms'),
  ];
}

async function startOnce(browser: Browser): Promise<Times> {
  await using opened = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'watchline-bench-'));
  opened.defer(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  const page = await browser.newPage();
  opened.defer(() => page.close());

  const began = performance.now();
  const npm = spawn('npm', ['start', '--', '--headless', '--port', '0', '--data', dataDir], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const exited = once(npm, 'exit');
  opened.defer(async () => {
    // The whole group, as a terminal's Ctrl-C would: npm alone may leave what it started.
    process.kill(-npm.pid!, 'SIGINT');
    await exited;
  });
  const link = await printedLink(npm.stdout);
  const servedMs = performance.now() - began;
  await page.goto(link);
  await page
    .getByText(/^\d+(\.\d+)?\s?%$/)
    .first()
    .waitFor({ timeout: LIMIT_MS });
  return { servedMs, firstNumberMs: performance.now() - began };
}

async function printedLink(stdout: NodeJS.ReadableStream): Promise<string> {
  let printed = '';
  for await (const text of stdout.setEncoding('utf8')) {
    printed += text as string;
    const link = /http:\/\/\S+#ticket=\S+/.exec(printed);
    if (link !== null) return link[0];
  }
  throw new Error(`npm start ended without an address: ${printed}`);
}

function median(figures: number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
