/** Pages in a real Chromium that hold nothing but the dashboard's stream parts, served by a real hub or what stands before it. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { build } from 'rolldown';
import type { Connection } from '../../../renderer/stream/connection.ts';
import type { StreamTiming } from '../../../renderer/stream/timing.ts';
import { sharedBrowser } from '../browser.ts';
import { makeTempFolder } from '../temp-folder.ts';
import { until } from '../until.ts';
import type {} from './in-page.ts';

/** Everything a person would wait minutes for, within seconds. */
export const quickTiming: Partial<StreamTiming> = {
  helloMs: 1_500,
  doubtMs: 700,
  overtakenMs: 400,
  trialEveryMs: 1_500,
  trialMs: 1_500,
  leaderAskMs: 1_000,
  leaderAnswerMs: 500,
};

export interface StreamPage {
  readonly page: Page;
  lines(): Promise<string[]>;
  names(): Promise<string[]>;
  connections(): Promise<(Connection & { at: number })[]>;
  role(): Promise<string | null>;
  /** Waits until the newest connection is of this phase, and on this way. */
  untilPhase(phase: Connection['phase'], via?: 'stream' | 'polling', patienceMs?: number): Promise<void>;
  untilNewest(line: string, patienceMs?: number): Promise<void>;
}

export interface StreamPages extends AsyncDisposable {
  readonly context: BrowserContext;
  /** Opens a page at an address and starts its stream. */
  open(url: string, timing?: Partial<StreamTiming>): Promise<StreamPage>;
}

/** A hub's `pageDir` with the bundled page. */
export async function buildStreamPage(): Promise<AsyncDisposable & { path: string }> {
  const folder = await makeTempFolder();
  await build({
    input: { page: path.join(import.meta.dirname, 'in-page.ts') },
    platform: 'browser',
    output: { dir: folder.path, format: 'esm', entryFileNames: '[name].js' },
  });
  await writeFile(
    path.join(folder.path, 'index.html'),
    '<!doctype html><title>stream</title><body><script type="module" src="/page.js"></script>',
  );
  return folder;
}

export async function openStreamPages(): Promise<StreamPages> {
  const context = await (await sharedBrowser()).newContext();
  return {
    context,
    open: (url, timing = quickTiming) => openPage(context, url, timing),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

async function openPage(
  context: BrowserContext,
  url: string,
  timing: Partial<StreamTiming>,
): Promise<StreamPage> {
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForSelector('body[data-ready]', { state: 'attached' });
  await page.evaluate((chosen) => window.startStream(chosen), timing);
  const streamPage: StreamPage = {
    page,
    lines: () => page.evaluate(() => window.pageStream.lines),
    names: () => page.evaluate(() => window.pageStream.names),
    connections: () => page.evaluate(() => window.pageStream.connections),
    role: () => page.evaluate(() => window.pageStream.role),
    async untilPhase(phase, via, patienceMs) {
      await until(
        `the connection to be ${phase} ${via ?? ''}`,
        async () => {
          const newest = (await streamPage.connections()).at(-1);
          return (
            newest?.phase === phase && (via === undefined || (newest.phase === 'live' && newest.via === via))
          );
        },
        patienceMs,
      ).catch(async (error: Error) => {
        throw new Error(`${error.message}; it was ${JSON.stringify(await streamPage.connections())}`);
      });
    },
    async untilNewest(line, patienceMs) {
      await until(
        `the newest line to be "${line}"`,
        async () => (await streamPage.lines()).at(-1) === line,
        patienceMs,
      ).catch(async (error: Error) => {
        const lines = (await streamPage.lines()).slice(-3);
        const newest = (await streamPage.connections()).at(-1);
        throw new Error(`${error.message}; it was ${JSON.stringify({ lines, newest })}`);
      });
    },
  };
  return streamPage;
}

/** What is wrong with lines "line 0", "line 1", ... from the first one on: [] where each came once, in order. */
export function faultsIn(lines: readonly string[]): string[] {
  const first = Number(lines[0]?.slice(5) ?? 0);
  return lines.flatMap((line, index) =>
    line === `line ${first + index}` ? [] : [`${line} at ${first + index}`],
  );
}
