/** The connection pill of the dashboard: what it says of a shared stream, of polling and of a hub that is gone. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from '@playwright/test';
import { builtPageDir, openDashboard, type DashboardPage } from '../support/dashboard-page.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { LineFeed } from '../support/line-feed.ts';
import { observedHost } from '../support/observations.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { until } from '../support/until.ts';

const opened = new AsyncDisposableStack();
let hub: TestHub;
let proxy: FaultProxy;
let feed: LineFeed;
let dashboard: DashboardPage;
let page: Page;

beforeAll(async () => {
  hub = opened.use(
    await startTestHub({ pageDir: builtPageDir(), observers: [new ScriptedObserver(observedHost())] }),
  );
  feed = opened.use(new LineFeed(hub.sink));
  proxy = opened.use(await startFaultProxy(hub.origin));
  const { origin } = proxy;
  dashboard = opened.use(
    await openDashboard({ origin, launchUrl: () => `${origin}/${new URL(hub.launchUrl()).hash}` }),
  );
  page = dashboard.page;
  feed.start(500);
});
afterAll(() => opened.disposeAsync());

function announced(of: Page = page): Promise<string> {
  return of.locator('.connection-pill [role=status]').innerText();
}

async function facts(of: Page = page): Promise<Map<string, string>> {
  const button = of.locator('.connection-pill button').first();
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
  return new Map(
    await of
      .locator('.connection-pill .fact')
      .evaluateAll((rows) =>
        rows.map(({ children: [name, value] }) => [name!.textContent, value!.textContent] as const),
      ),
  );
}

test('a live stream: its way, rate, delay and age', async () => {
  await until('connected', async () => (await announced()) === 'Connected');
  const shown = await until('a delay', async () => {
    const found = await facts();
    return found.has('Delay from hub') && found;
  });
  expect(shown.get('Connection')).toBe('Stream (SSE)');
  expect(shown.get('Delay from hub')).toMatch(/^[\d,]+ ms$/);
  expect(Number(shown.get('Events per second'))).toBeGreaterThan(0);
  expect(shown.get('Last event')).toMatch(/^(now|\d+ s ago)$/);
});

test('seven tabs: each shows the newest sample, all but one through another', async () => {
  const tabs = [page];
  while (tabs.length < 7) {
    const tab = await page.context().newPage();
    await tab.goto(proxy.origin);
    tabs.push(tab);
  }
  for (const tab of tabs) {
    await tab.locator('.connection-pill[data-phase=live]').waitFor();
    const before = await tab.locator('html').getAttribute('data-sample-time');
    await until(
      'a newer sample',
      async () => (await tab.locator('html').getAttribute('data-sample-time')) !== before,
    );
  }
  const roles = await Promise.all(
    tabs.map((tab) => tab.locator('.connection-pill').getAttribute('data-role')),
  );
  expect(roles.toSorted()).toEqual([...Array<string>(6).fill('follower'), 'leader']);
  expect((await facts()).get('Connection')).toBe('Stream (SSE), shared with other tabs');
  expect((await facts(tabs[6])).get('Connection')).toBe('Stream (SSE), through another tab');
  for (const tab of tabs.slice(1)) await tab.close();
});

test('a stream that is held back: polling, why, and when the stream is tried again', async () => {
  proxy.misbehaviour = 'buffering';
  proxy.cut();
  await until('polling', async () => (await announced()) === 'Polling');
  const shown = await facts();
  expect(await page.locator('.connection-pill .explanation').innerText()).toMatch(
    /^The stream is held back on the way/,
  );
  expect(shown.get('Connection')).toMatch(/^Long polling/);
  expect(shown.get('Stream tried again')).toMatch(/^in \d+ s$/);
});

test('a hub that is gone: a countdown to see, one announcement to hear', async () => {
  proxy.misbehaviour = 'restarting';
  proxy.cut();
  await page.locator('.connection-pill[data-phase=waiting]').waitFor();
  expect(await announced()).toBe('Reconnecting');
  const countdown = page.locator('.connection-pill .word');
  await until('a countdown', async () => /^Reconnecting in \d+ s$/.test(await countdown.innerText()));
  expect(await countdown.getAttribute('aria-hidden')).toBe('true');
  expect(await announced()).toBe('Reconnecting');
  proxy.misbehaviour = 'none';
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.locator('.connection-pill[data-phase=live]').waitFor();
});
