/** The logs screen in a real Chromium, fed by a real hub whose observer says what a test tells it to. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { HubOptions } from '../../hub/start-hub.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import { sharedBrowser } from './browser.ts';
import { logLineOf, logSourceOf, observedHost, sampleOf } from './observations.ts';
import { ScriptedObserver } from './scripted-observer.ts';
import { startTestHub, type TestHub } from './start-test-hub.ts';
import { makeTempFolder } from './temp-folder.ts';
import { until } from './until.ts';

const pageDir = join(import.meta.dirname, '..', '..', 'dist', 'renderer');

export interface LogsPage extends AsyncDisposable {
  readonly page: Page;
  readonly observer: ScriptedObserver;
  /** As it runs now. */
  readonly hub: TestHub;
  /** Errors the page threw and lines it wrote to the console as errors. */
  readonly faults: string[];
  /** Hands lines to the hub. */
  feed(lines: readonly LogLine[]): void;
  /** Hands `count` lines of rising index to the hub; `change` may make one different. */
  feedNumbered(count: number, change?: (index: number) => Partial<LogLine>): void;
  /** Ends the hub and starts another in its place: same address, same sessions, another epoch. */
  restartHub(): Promise<void>;
  /** Opens the logs screen with this query ("?q=..."), signed in. */
  open(query?: string): Promise<void>;
  /** Messages of the rows in the page, top to bottom, as a person reads them. */
  messages(): Promise<string[]>;
  /** Waits until the newest row in the page says this. */
  untilNewest(message: string): Promise<void>;
}

/** `hubOptions`: what the hub has otherwise than other hubs of tests. */
export async function openLogsPage(hubOptions: Partial<HubOptions> = {}): Promise<LogsPage> {
  await using opened = new AsyncDisposableStack();
  const host = observedHost();
  const observer = new ScriptedObserver(host, [
    { name: 'sample', data: sampleOf(host.id, 0, { time: Date.now() }) },
    { name: 'source', data: logSourceOf(host.id) },
  ]);
  const { path: dataDir } = opened.use(await makeTempFolder());
  let hub = await startTestHub({ ...hubOptions, observers: [observer], pageDir, dataDir });
  opened.defer(() => hub[Symbol.asyncDispose]());
  const context = await (await sharedBrowser()).newContext({ viewport: { width: 1280, height: 800 } });
  opened.defer(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => faults.push(`dialog: ${dialog.message()}`)));

  let index = 0;
  const began = Date.now() - 60_000;
  const closing = opened.move();
  const logs: LogsPage = {
    page,
    observer,
    get hub() {
      return hub;
    },
    faults,
    feed(lines) {
      for (const line of lines) observer.observe({ name: 'log', data: line });
    },
    feedNumbered(count, change = () => ({})) {
      for (let each = 0; each < count; each++, index++) {
        logs.feed([logLineOf(host.id, index, { time: began + index, ...change(index) })]);
      }
    },
    async restartHub() {
      const { port } = hub;
      await hub[Symbol.asyncDispose]();
      hub = await startTestHub({ ...hubOptions, observers: [observer], pageDir, dataDir, port });
    },
    async open(query = '') {
      await page.goto(hub.launchUrl());
      await page.waitForURL((url) => !url.href.includes('ticket'));
      await page.goto(`${hub.origin}/logs${query}`);
      await page.waitForSelector('.log-list');
    },
    messages: () =>
      page.$$eval('.log-list .row', (rows) =>
        rows.map((row) => row.querySelector('.message')?.textContent ?? row.textContent.trim()),
      ),
    async untilNewest(message) {
      await until(
        `the newest row to be "${message}"`,
        async () => (await logs.messages()).at(-1) === message,
      );
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
  return logs;
}
