/**
 * What the overview costs the browser with a hundred hosts that each send a sample a second: a hub in this process, made-up
 * hosts of about sixty series, the built page in a real Chromium.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHub, type RunningHub } from '../hub/start-hub.ts';
import { launchChromium } from '../scripts/launch/launch-chromium.ts';
import type { Sample } from '../shared/schema/sample.ts';
import { filesystemsOf, observedHost, sampleOf } from '../tests/support/observations.ts';
import { ScriptedObserver } from '../tests/support/scripted-observer.ts';
import { barRow, plainRow, type BenchRow } from './bench-row.ts';
import { heapBytes, openCosts, threadSeconds } from './page-cost.ts';

const pageDir = join(import.meta.dirname, '..', 'dist', 'renderer');
const HOSTS = 100;
const CORES = 8;
const MEBIBYTE = 1024 * 1024;

/** Percent of one core. One host in full, the Host screen, may cost 6 of scripting (bench/page.ts): a fleet no more than that. */
const BARS = { scriptingPercent: 6, mainThreadPercent: 25 };

export async function run({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  if (!existsSync(pageDir)) throw new Error('The fleet bench needs a build: run "npm run build" first.');
  await using opened = new AsyncDisposableStack();
  const hub = await startFleet(opened);
  const browser = await launchChromium();
  opened.defer(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(hub.launchUrl());
  await page.locator('.host-row canvas').first().waitFor();
  const devtools = await openCosts(page);
  await sleep(quick ? 5_000 : 60_000);
  const heapBefore = await heapBytes(devtools);
  const before = await threadSeconds(devtools);
  const began = performance.now();
  await sleep(quick ? 20_000 : 120_000);
  const after = await threadSeconds(devtools);
  const seconds = (performance.now() - began) / 1000;
  const share = (name: string): number => (100 * (after[name]! - before[name]!)) / seconds;
  const layout = share('LayoutDuration') + share('RecalcStyleDuration');
  const heapAfter = await heapBytes(devtools);
  const drawn = await page.locator('.host-row:has(canvas)').count();
  // A page that draws nothing would be cheap.
  if (drawn < 10) throw new Error(`The page draws ${drawn} rows only.`);
  const what = `Overview, ${HOSTS} hosts at 1 Hz`;
  return [
    barRow(`${what}, scripting`, share('ScriptDuration'), '% of one core', BARS.scriptingPercent),
    plainRow(`${what}, style and layout`, layout, '% of one core'),
    barRow(`${what}, main thread in all`, share('TaskDuration'), '% of one core', BARS.mainThreadPercent),
    plainRow(`${what}, rows drawn`, drawn, 'rows'),
    plainRow(`${what}, heap`, heapAfter / MEBIBYTE, 'MiB'),
    plainRow(`${what}, heap growth in ${Math.round(seconds)} s`, (heapAfter - heapBefore) / MEBIBYTE, 'MiB'),
  ];
}

/** Each host at a moment of its own within the second, as agents that started whenever they did. */
async function startFleet(into: AsyncDisposableStack): Promise<RunningHub> {
  const dataDir = await mkdtemp(join(tmpdir(), 'watchline-bench-'));
  into.defer(() => rm(dataDir, { recursive: true, force: true }));
  const observers = Array.from({ length: HOSTS }, (_, index) => {
    const id = `host-${index}`;
    return new ScriptedObserver(observedHost(id, { name: id }), [
      { name: 'sample', data: sampleAt(id, index) },
      { name: 'filesystems', data: filesystemsOf(id) },
    ]);
  });
  const hub = into.use(
    await startHub({
      version: 'bench',
      host: '127.0.0.1',
      port: 0,
      dataDir,
      pageDir,
      allowedHosts: [],
      observers,
    }),
  );
  observers.forEach((observer, index) => {
    let timer: ReturnType<typeof setInterval> | undefined;
    const start = setTimeout(
      () => {
        timer = setInterval(
          () => observer.observe({ name: 'sample', data: sampleAt(`host-${index}`, index) }),
          1_000,
        );
      },
      (index * 1_000) / HOSTS,
    );
    into.defer(() => (clearTimeout(start), clearInterval(timer)));
  });
  return hub;
}

function sampleAt(host: string, index: number): Sample {
  const time = Date.now();
  const busy = 40 + 35 * Math.sin(time / 20_000 + index);
  const sample = sampleOf(host, 0, { time });
  return {
    ...sample,
    cpu: { ...sample.cpu, user: busy, idle: 100 - busy, cores: new Array<number>(CORES).fill(busy) },
  };
}
